/** Queries of Logs Insights that were started: each runs as an actor of its own. */
import { seconds } from "../../../time/clock";
import type { RegionContext } from "../../core/types";
import { compileQuery, type Row } from "./insights/query";
import type { Source } from "./insights/record";
import { firstIndex, type LogGroup, type LogsStore, type Milliseconds } from "./store";

/** From the start of a query until it is complete. */
const QUERY_SECONDS = 1;
/** So long are results kept: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
const KEPT_MILLISECONDS = 7 * 86_400_000;

export interface StartedQuery {
  queryId: string;
  queryString: string;
  status: "Running" | "Complete" | "Cancelled";
  createTime: Milliseconds;
  groups: readonly LogGroup[];
  results: Row[];
  statistics: { recordsMatched: number; recordsScanned: number; bytesScanned: number; logGroupsScanned: number };
}

export interface QueryRequest {
  queryString: string;
  groups: readonly LogGroup[];
  /** Both are included. */
  start: Milliseconds;
  end: Milliseconds;
  limit: number;
}

export class Queries {
  private readonly started = new Map<string, StartedQuery>();
  private readonly random: RegionContext["random"];

  constructor(private readonly store: LogsStore) {
    this.random = store.region.random.fork("logs insights");
  }

  /** @throws AwsError MalformedQueryException */
  start({ queryString, groups, start, end, limit }: QueryRequest): StartedQuery {
    const { clock } = this.store.region;
    const compiled = compileQuery(queryString);
    const query: StartedQuery = {
      queryId: this.random.uuid(), queryString, status: "Running", createTime: this.store.now(), groups, results: [],
      statistics: { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0, logGroupsScanned: groups.length },
    };
    this.started.set(query.queryId, query);
    clock.spawn(`query ${query.queryId}`, async () => {
      await clock.sleep(seconds(QUERY_SECONDS));
      if (query.status !== "Running") return;
      const sources = groups.flatMap((group) => this.sources(group, start, end));
      const { rows, matched } = compiled.run(sources, limit);
      const bytesScanned = sources.reduce((sum, { message }) => sum + Buffer.byteLength(message), 0);
      Object.assign(query, { status: "Complete", results: rows, statistics: { ...query.statistics, recordsMatched: matched, recordsScanned: sources.length, bytesScanned } });
    });
    return query;
  }

  find(queryId: string): StartedQuery | undefined {
    return this.all().find((query) => query.queryId === queryId);
  }

  /** Those that are kept, newest first. */
  all(): StartedQuery[] {
    const oldest = this.store.now() - KEPT_MILLISECONDS;
    return [...this.started.values()].filter(({ createTime }) => createTime >= oldest).reverse();
  }

  private sources(group: LogGroup, start: Milliseconds, end: Milliseconds): Source[] {
    return [...group.streams.values()].flatMap((stream) => {
      const events = this.store.visible(group, stream);
      return events.slice(firstIndex(events, start), firstIndex(events, end + 1)).map(({ id, timestamp, ingestionTime, message }) => ({
        id, timestamp, ingestionTime, message, stream: stream.name, log: `${this.store.region.accountId}:${group.name}`,
      }));
    });
  }
}
