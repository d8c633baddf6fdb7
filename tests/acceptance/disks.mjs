// Disks that fill up or fail, as the kernel has them: small ones of their own, seen by this process and its children
// alone, so that nothing of them is left behind however the test ends.
import {spawnSync} from 'node:child_process';
import {closeSync, existsSync, fstatSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

const works = (...command) => spawnSync(command[0], command.slice(1), {stdio: 'ignore'}).status === 0;

function run(...command) {
  const done = spawnSync(command[0], command.slice(1), {encoding: 'utf8'});
  if (done.status !== 0) throw new Error(`${command.join(' ')}: ${done.error ?? done.stderr}`);
}

/// Runs the test file again where it may mount. True: it has run there, and its result is this process's.
export function hasRunWithOwnMounts(file) {
  if (process.env.JOBRUN_OWN_MOUNTS) return false;
  const way = [['unshare', '--mount'], ['unshare', '--map-root-user', '--mount']].find((each) => works(...each, 'true'));
  if (!way) return false;
  const alive = existsSync('/usr/bin/setpriv') ? ['setpriv', '--pdeathsig', 'KILL', '--'] : [];
  const done = spawnSync(way[0], [...way.slice(1), ...alive, process.execPath, file],
    {stdio: 'inherit', env: {...process.env, JOBRUN_OWN_MOUNTS: '1'}});
  process.exitCode = done.status ?? 1;
  return true;
}

/// Why these tests cannot run here; false when they can.
export const whyNoDisks = () => !process.env.JOBRUN_OWN_MOUNTS && 'this machine lets nobody mount: neither root nor user namespaces';

class Disk {
  constructor(t) {
    this.base = mkdtempSync(path.join(tmpdir(), 'jobrun-disk-'));
    this.folder = path.join(this.base, 'disk');
    mkdirSync(this.folder);
    t.after(() => {
      works('umount', '--lazy', this.folder);
      rmSync(this.base, {recursive: true, force: true});
    });
  }

  file(name) { return path.join(this.folder, name); }
}

/// In memory, and of a size at which it fills up.
export class SmallDisk extends Disk {
  constructor(t, size) {
    super(t);
    run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', this.folder);
  }

  /// But for so many bytes.
  fill(left = 0) {
    const file = openSync(this.file('other-files'), 'w');
    for (const piece of [Buffer.alloc(64 << 10), Buffer.alloc(1)]) {
      try {
        for (;;) writeSync(file, piece);
      } catch (full) {
        if (full.code !== 'ENOSPC') throw full;
      }
    }
    ftruncateSync(file, fstatSync(file).size - left);
    closeSync(file);
  }

  makeRoom() { rmSync(this.file('other-files')); }
}

/// A file system that the kernel makes read-only after an error, while files on it are open; until it is checked and
/// mounted anew. Needs root, and loop devices.
export class FailingDisk extends Disk {
  static whyNot() {
    if (process.getuid() !== 0 || !existsSync('/dev/loop-control')) return 'a disk that fails needs root and loop devices';
    return !works('which', 'mkfs.ext4') && 'a disk that fails needs mkfs.ext4';
  }

  constructor(t) {
    super(t);
    this.image = path.join(this.base, 'image');
    writeFileSync(this.image, '');
    truncateSync(this.image, 64 << 20);
    run('mkfs.ext4', '-q', this.image);
    this.mount();
  }

  mount() { run('mount', '-o', 'loop,errors=remount-ro', this.image, this.folder); }

  /// All that was written is on it, so that the next write of any kind meets the kernel's refusal.
  fail() {
    run('sync', '--file-system', this.folder);
    run('mount', '-o', 'remount,abort', this.folder);
  }

  /// Nothing on it may be open.
  repair() {
    run('umount', this.folder);
    const checked = spawnSync('e2fsck', ['-p', this.image], {encoding: 'utf8'});
    if (checked.status > 1) throw new Error(`e2fsck: ${checked.stdout}${checked.stderr}`);
    this.mount();
  }
}
