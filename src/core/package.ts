import fs from "node:fs";
import { fileURLToPath } from "node:url";

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
}

/** The folder that holds physlens' package.json, from the sources and from the built files alike. */
export const packageRoot = new URL("../../", import.meta.url);

function readManifest(): Manifest {
  return JSON.parse(fs.readFileSync(new URL("package.json", packageRoot), "utf8")) as Manifest;
}

/** The package "node" only brings a Node for older hosts (the one that runs is listed), commander reads flags. */
const withoutInfluence = ["node", "commander"];

/** The version of physlens. */
export function physlensVersion(): string {
  return readManifest().version;
}

/**
 * Versions of everything that can change a result: physlens, node, the platform and each runtime dependency as it is
 * installed ("absent" where it is not).
 */
export function versions(): Record<string, string> {
  const { version, dependencies } = readManifest();
  const found: Record<string, string> = {
    physlens: version,
    "node.js": process.versions.node,
    platform: `${process.platform}-${process.arch}`,
  };
  for (const name of Object.keys(dependencies).sort()) {
    if (!withoutInfluence.includes(name)) found[name] = installedVersion(name) ?? "absent";
  }
  return found;
}

function installedVersion(name: string): string | undefined {
  for (let folder = packageRoot; ; folder = new URL("../", folder)) {
    const file = fileURLToPath(new URL(`node_modules/${name}/package.json`, folder));
    if (fs.existsSync(file)) return (JSON.parse(fs.readFileSync(file, "utf8")) as Manifest).version;
    if (new URL("../", folder).href === folder.href) return undefined;
  }
}
