const needed = [20, 19]
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(
    `imnot needs Node ${needed.join('.')} or newer, and this is Node ${process.versions.node} (${process.execPath}): install a newer one from https://nodejs.org`,
  )
  process.exit(1)
}
