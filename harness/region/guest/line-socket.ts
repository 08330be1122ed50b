/** A socket that speaks in lines. */
import type { Socket } from "node:net";

export interface LineSocket {
  send(line: string): void;
  /** Resolves once the other side has gone, whatever ended it. */
  readonly closed: Promise<void>;
  readonly isClosed: boolean;
  destroy(): void;
}

/** `onLine` is called for each line; `onClose` once, after the last. */
export function lineSocket(socket: Socket, onLine: (line: string, self: LineSocket) => void, onClose: (self: LineSocket) => void): LineSocket {
  let rest = "";
  let closed = false;
  let resolveClosed!: () => void;
  const self: LineSocket = {
    send(line) {
      if (!socket.destroyed) socket.write(`${line}\n`);
    },
    closed: new Promise((resolve) => (resolveClosed = resolve)),
    get isClosed() {
      return closed;
    },
    destroy: () => void socket.destroy(),
  };
  socket.setEncoding("latin1");
  socket.on("data", (data: string) => {
    rest += data;
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      onLine(line, self);
    }
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    closed = true;
    onClose(self);
    resolveClosed();
  });
  return self;
}
