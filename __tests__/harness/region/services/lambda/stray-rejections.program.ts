/** Run by stray-rejections.test.ts in a process of its own: Jest's has no unhandled rejections to listen to. */
import { startLambda } from "./support";

const SOURCES = {
  own: "exports.handler = async () => { Promise.reject(new Error('stray')); await new Promise((resolve) => setTimeout(resolve, 10)); };",
  call: `const { LambdaClient, InvokeCommand } = require("@aws-sdk/client-lambda");
    exports.handler = async () => { new LambdaClient({}).send(new InvokeCommand({ FunctionName: "none" })); await new Promise((resolve) => setTimeout(resolve, 10)); };`,
  handled: "exports.handler = async () => { const late = Promise.reject(new Error('late')); late.catch(() => {}); return 'fine'; };",
};

async function main(): Promise<void> {
  const test = await startLambda();
  const results: Record<string, unknown> = {};
  for (const [name, source] of Object.entries(SOURCES)) {
    await test.create(name, source);
    const { value } = await test.run(() => test.invoke(name));
    results[name] = typeof value === "object" && value !== null ? (({ errorType, errorMessage }) => ({ errorType, errorMessage }))(value as Record<string, unknown>) : value;
  }
  await test.region.close();
  console.log(JSON.stringify(results));
}

void main();
