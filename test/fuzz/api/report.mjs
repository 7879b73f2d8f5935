const kinds = ['crash', 'hang', 'overwritten', 'broken', 'untyped', 'full'];

/** Findings with the same message from the same place, as one; the worst and most frequent come first. */
export function group(findings) {
  const groups = new Map();
  for (const finding of findings) {
    const called = /[\w.]+(?=\()/.exec(finding.source.replace(/^\(?\(.*?=> /, ''))?.[0] ?? '';
    const key = `${finding.kind} ${finding.message} ${finding.where ?? called}`;
    const known = groups.get(key);
    if (!known) groups.set(key, { ...finding, times: 1 });
    else {
      known.times++;
      if (finding.source.length < known.source.length)
        Object.assign(known, { source: finding.source, number: finding.number });
    }
  }
  return [...groups.values()].sort(
    (a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.times - a.times,
  );
}

/** `1000 calls, 0 crashes, 0 hangs, 0 overwritten, 0 broken results, 0.020 % untyped errors, 0 processes full`. */
export function summary(calls, findings) {
  const count = (kind) => findings.filter((finding) => finding.kind === kind).length;
  return `${calls} calls, ${count('crash')} crashes, ${count('hang')} hangs, ${count('overwritten')} overwritten, ${count('broken')} broken results, ${((100 * count('untyped')) / Math.max(calls, 1)).toFixed(3)} % untyped errors, ${count('full')} processes full`;
}
