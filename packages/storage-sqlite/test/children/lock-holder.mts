import Database from 'better-sqlite3'

// Takes the write lock, says so, and keeps it for a while.
const [path = '', forMs = '0'] = process.argv.slice(2)
const db = new Database(path)
db.exec('BEGIN IMMEDIATE')
process.stdout.write('locked\n')
setTimeout(() => {
  db.exec('COMMIT')
  db.close()
}, Number(forMs))
