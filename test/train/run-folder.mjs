// Makes, resumes or holds the run in a folder, and says how it went.
import { RunFolder } from 'myelin/train';

const [, , what, path] = process.argv;
try {
  if (what === 'create') console.log(RunFolder.create('x', {}, path).path);
  else {
    const run = RunFolder.open(path);
    run.resume({ step: 0, loadState() {} });
    console.log('resumed');
    if (what === 'hold') setInterval(() => {}, 1000);
  }
} catch (error) {
  console.log(error.message);
}
