import { createHash } from "node:crypto";
import { createServer } from "node:http";

/** A server of large files, as git-lfs asks it, that has one file. */
export interface LargeFileServer {
  /** For `remote.origin.url` of repositories. */
  readonly url: string;
  /** Text of the pointer to the file. */
  readonly pointer: string;
  close(): Promise<void>;
}

export async function serveLargeFile(content: string): Promise<LargeFileServer> {
  const oid = createHash("sha256").update(content).digest("hex");
  const size = Buffer.byteLength(content);
  const server = createServer((request, response) => {
    if (request.url?.endsWith("/info/lfs/objects/batch") !== true) {
      response.end(content);
      return;
    }
    const href = `http://${String(request.headers.host)}/content`;
    const objects = [{ oid, size, actions: { download: { href } } }];
    response.setHeader("content-type", "application/vnd.git-lfs+json");
    response.end(JSON.stringify({ transfer: "basic", objects }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/acme/web`,
    pointer: `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<unknown>((resolve) => server.close(resolve));
    },
  };
}
