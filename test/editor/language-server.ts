import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** An entry of a list of completions. */
export interface Completion {
  readonly label: string;
  /** 1: deprecated. */
  readonly tags?: readonly number[];
  readonly documentation?: string | { readonly value: string };
}

/** TypeScript's language server, asked about one file of a folder as an editor asks. */
export class LanguageServer {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #received: Buffer = Buffer.alloc(0);
  #requests = 0;
  #text = '';
  readonly #uri: string;

  private constructor(folder: string) {
    this.#uri = pathToFileURL(join(folder, 'asked.ts')).href;
    this.#process = spawn(
      process.execPath,
      [join(root, 'node_modules/typescript/bin/tsc'), '--lsp', '--stdio'],
      {
        cwd: folder,
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    this.#process.stdout!.on('data', (bytes: Buffer) => this.#receive(bytes));
  }

  /** @param text what stands in the file */
  static async open(folder: string, text: string): Promise<LanguageServer> {
    const server = new LanguageServer(folder);
    const textDocument = {
      hover: { contentFormat: ['markdown'] },
      completion: { completionItem: { tagSupport: { valueSet: [1] } } },
    };
    await server.#ask('initialize', {
      processId: process.pid,
      rootUri: pathToFileURL(folder).href,
      capabilities: { textDocument },
    });
    server.#send({ method: 'initialized', params: {} });
    server.#text = text;
    server.#send({
      method: 'textDocument/didOpen',
      params: { textDocument: { uri: server.#uri, languageId: 'typescript', version: 1, text } },
    });
    return server;
  }

  /** What is shown over the last character of a string that occurs once. */
  async hover(at: string): Promise<string> {
    const place = this.#place(this.#text.indexOf(at) + at.length - 1);
    const result = (await this.#ask('textDocument/hover', place)) as {
      contents: { value: string };
    } | null;
    return result?.contents.value ?? '';
  }

  /** What may follow a string that occurs once. */
  async completions(after: string): Promise<Completion[]> {
    const place = this.#place(this.#text.indexOf(after) + after.length);
    const result = (await this.#ask('textDocument/completion', place)) as { items: Completion[] };
    return result.items;
  }

  /** What doesn't compile in the file. */
  async problems(): Promise<string[]> {
    const result = (await this.#ask('textDocument/diagnostic', { textDocument: { uri: this.#uri } })) as {
      items: { message: string; severity: number }[];
    };
    return result.items.filter(({ severity }) => severity === 1).map(({ message }) => message);
  }

  async close(): Promise<void> {
    const exited = once(this.#process, 'exit');
    await this.#ask('shutdown');
    this.#send({ method: 'exit' });
    await exited;
  }

  #place(offset: number): object {
    const lines = this.#text.slice(0, offset).split('\n');
    const position = { line: lines.length - 1, character: lines.at(-1)!.length };
    return { textDocument: { uri: this.#uri }, position };
  }

  #ask(method: string, params?: object): Promise<unknown> {
    const id = ++this.#requests;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`)),
      );
    });
  }

  #send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#process.stdin!.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const start = this.#received.indexOf('\r\n\r\n') + 4;
      if (start < 4) return;
      const length = Number(/Content-Length: (\d+)/.exec(this.#received.toString('latin1', 0, start))![1]);
      if (this.#received.length < start + length) return;
      const message = JSON.parse(this.#received.toString('utf8', start, start + length)) as Message;
      this.#received = this.#received.subarray(start + length);
      if (message.id === undefined) continue;
      // The server's own questions have no answer here.
      if (message.method !== undefined) this.#send({ id: message.id, result: null });
      else {
        this.#waiting.get(message.id)!(message);
        this.#waiting.delete(message.id);
      }
    }
  }
}
