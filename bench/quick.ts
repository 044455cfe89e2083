import { install } from './install.ts';
import { People, registerRelyingParty, seedPeople } from './people.ts';
import { signIn, hangUp } from './signIn.ts';
import { mark, between } from './costs.ts';
import { cpuOfTree, cpuOfThreads, residentMegabytes } from './machine.ts';
const seconds = Number(process.argv[2] ?? 10);
const conc = (process.argv[3] ?? '1,16').split(',').map(Number);
const inst = await install((t) => console.log(t));
try {
  await seedPeople(inst, { from: 1, many: 2000 }, () => {});
  const rp = await registerRelyingParty(inst);
  if (process.env.PLANS)
    for (const q of [
      "session_preload_libraries='auto_explain'",
      'auto_explain.log_min_duration=0',
      'auto_explain.log_analyze=on',
      'auto_explain.log_buffers=on',
      'auto_explain.sample_rate=0.05',
    ])
      await inst.database.query('ALTER DATABASE noegle_bench SET ' + q);
  const node = await inst.startNode();
  console.log(
    'ready',
    node.readyMs.toFixed(0),
    'pg',
    inst.postgresPid,
    'rss',
    await residentMegabytes(node.pid),
  );
  const people = await People.load(inst, { of: 2000, many: 2000 });
  const port = () => node.port;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let i = 0; i < 100; i++) await signIn(port, people.take(), rp);
    }),
  );
  for (const c of conc) {
    const m0 = await mark(inst.database);
    const n0 = await cpuOfTree(node.pid),
      p0 = await cpuOfTree(inst.postgresPid!),
      h0 = await cpuOfThreads(node.pid, 'libuv-worker');
    const d0 = process.cpuUsage();
    const end = performance.now() + seconds * 1000;
    let done = 0;
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: c }, async () => {
        while (performance.now() < end) {
          const t = performance.now();
          await signIn(port, people.take(), rp);
          times.push(performance.now() - t);
          done++;
        }
      }),
    );
    const n1 = await cpuOfTree(node.pid),
      p1 = await cpuOfTree(inst.postgresPid!),
      h1 = await cpuOfThreads(node.pid, 'libuv-worker');
    const d1 = process.cpuUsage(d0);
    const m1 = await mark(inst.database);
    const costs = await between(inst.database, m0, m1);
    times.sort((a, b) => a - b);
    console.log(
      `c=${c} ${(done / costs.seconds).toFixed(1)}/s node ${((n1 - n0) / done).toFixed(2)} (workers ${((h1 - h0) / done).toFixed(2)}, rest ${((n1 - n0 - h1 + h0) / done).toFixed(2)}) pg ${((p1 - p0) / done).toFixed(2)} driver ${((d1.user + d1.system) / 1000 / done).toFixed(2)} st ${(costs.statements / done).toFixed(2)} commits ${(costs.commits / done).toFixed(2)} xact ${(costs.transactions / done).toFixed(2)} wal ${(costs.walBytes / done).toFixed(0)} p50 ${times[times.length >> 1]?.toFixed(0)} p99 ${times[Math.floor(times.length * 0.99)]?.toFixed(0)} rss ${(await residentMegabytes(node.pid)).toFixed(0)}`,
    );
    const top = await inst.database.query(
      `/* bench */ SELECT calls, round(total_exec_time::numeric/greatest(calls,1),3) ms, left(regexp_replace(query,'\\s+',' ','g'),60) q FROM pg_stat_statements WHERE query NOT LIKE '%bench%' ORDER BY total_exec_time DESC LIMIT 12`,
    );
    if (process.argv[4]) for (const r of top.rows) console.log('   ', r.calls, r.ms, r.q);
  }
  if (process.env.PLANS) {
    const r = await inst.database.query("SELECT pg_read_file('server.log') AS t");
    (await import('node:fs')).writeFileSync('/tmp/server.log', r.rows[0].t);
  }
} finally {
  hangUp();
  await inst.stop();
}
