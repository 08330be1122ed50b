/**
 * What an environment's runtime asks of Lambda: the next event, and where to answer it. On a loopback port of its own; a request
 * comes in the turn of the runtime's process, which is parked while there is no event for it.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import type { Clock, Gate, Microseconds } from "../../../../../time/clock";
import type { WireRequest, WireResponse } from "../../../../core/types";
import { createHttpListener, type HttpListener } from "../../../../core/server";

export interface RuntimeEvent { requestId: string; payload: string; clientContext?: string; invokedArn: string; deadline: Microseconds; traceId: string }

/** What the runtime has said. */
export type Word = { kind: "ready" } | { kind: "init-error"; body: string } | { kind: "response"; body: Buffer } | { kind: "error"; body: string } | { kind: "exit"; status: number };

const PATH = /^\/2018-06-01\/runtime\/(?:invocation\/next|init\/error|invocation\/([^/]+)\/(response|error))$/;

export class RuntimeApi {
  #listener: HttpListener | undefined;
  readonly #eventCame: Gate;
  readonly #wordCame: Gate;
  #event: RuntimeEvent | undefined;
  /** Given out, and not answered. */
  #served: RuntimeEvent | undefined;
  #word: Word | undefined;
  #isReady = false;

  constructor(readonly clock: Clock, name: string) {
    this.#eventCame = clock.gate(`an event for ${name}`);
    this.#wordCame = clock.gate(`the runtime of ${name}`);
  }

  /** Starts to listen; the address for AWS_LAMBDA_RUNTIME_API. */
  async listen(): Promise<string> {
    this.#listener = await createHttpListener((request) => this.#handle(request));
    return `127.0.0.1:${this.#listener.port}`;
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }

  /** Hands an event over as soon as the runtime asks for one. */
  give(event: RuntimeEvent): void {
    this.#event = event;
    this.#eventCame.open();
  }

  /** What it says next, or undefined when the deadline passes first. Called by the actor that invokes. */
  async hear(deadline: Microseconds): Promise<Word | undefined> {
    while (this.#word === undefined) {
      const left = deadline - this.clock.now();
      if (left <= 0) return undefined;
      await this.#wordCame.wait(left);
    }
    const word = this.#word;
    this.#word = undefined;
    return word;
  }

  /** Its process has ended. */
  exited(status: number): void {
    this.#say({ kind: "exit", status });
  }

  #say(word: Word): void {
    this.#word ??= word;
    this.#wordCame.open();
  }

  async #handle({ method, path, body }: WireRequest): Promise<WireResponse> {
    const match = PATH.exec(path);
    if (match && method === "GET" && path.endsWith("/next")) return this.#next();
    if (!match || method !== "POST") return answer(404, { errorMessage: `The runtime API does not have ${method} ${path}.`, errorType: "UnknownPath" });
    const [, requestId, what] = match;
    if (requestId === undefined) this.#say({ kind: "init-error", body: body.toString("utf8") });
    else {
      if (requestId !== this.#served?.requestId) return answer(400, { errorMessage: "Invalid request ID", errorType: "InvalidRequestID" });
      this.#served = undefined;
      this.#say(what === "error" ? { kind: "error", body: body.toString("utf8") } : { kind: "response", body: Buffer.from(body) });
    }
    return answer(202, { status: "OK" });
  }

  async #next(): Promise<WireResponse> {
    if (!this.#isReady) this.#say({ kind: "ready" });
    this.#isReady = true;
    while (this.#event === undefined) await this.#eventCame.wait();
    const event = (this.#served = this.#event);
    this.#event = undefined;
    return {
      status: 200,
      headers: {
        "content-type": "application/json",
        "lambda-runtime-aws-request-id": event.requestId, "lambda-runtime-deadline-ms": String(Math.floor(event.deadline / 1000)), "lambda-runtime-invoked-function-arn": event.invokedArn,
        "lambda-runtime-trace-id": event.traceId, ...(event.clientContext === undefined ? {} : { "lambda-runtime-client-context": event.clientContext }),
      },
      body: event.payload,
    };
  }
}

const answer = (status: number, body: object): WireResponse => ({ status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
