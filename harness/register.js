"use strict";
/**
 * Lets plain `node` run the project's TypeScript: types are stripped, not checked (`npm run types` checks them).
 * What ts-node compiled is kept in .cache/compiled by the content of the file, so that a start costs no compiling.
 */
require("./quiet.js");
process.setSourceMapsEnabled(true);
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const project = join(__dirname, "..");
const folder = join(project, ".cache", "compiled");
/** What else decides how a file is compiled. */
const salt = [process.version, readFileSync(join(project, "tsconfig.json")), readFileSync(join(project, ".swcrc")), readFileSync(join(project, "package-lock.json"))]
  .reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

let compiler;
function compile(source, file) {
  compiler ??= require("ts-node").create({ swc: true, project: join(project, "tsconfig.json") });
  return compiler.compile(source, file);
}

function compiled(file) {
  const source = readFileSync(file, "utf8");
  // The path is part of it: it stands in the source map.
  const cached = join(folder, `${createHash("sha256").update(salt).update(file).update("\0").update(source).digest("hex")}.js`);
  try {
    return readFileSync(cached, "utf8");
  } catch {
    const output = compile(source, file);
    try {
      mkdirSync(folder, { recursive: true });
      const beside = `${cached}.${process.pid}`;
      writeFileSync(beside, output);
      renameSync(beside, cached);
    } catch {
      // A read-only checkout runs all the same, only slower.
    }
    return output;
  }
}

require.extensions[".ts"] = (module, file) => module._compile(compiled(file), file);
