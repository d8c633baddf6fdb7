// What a pure archive must not ask the system or the library for: time, randomness, logs, threads, I/O.
import {run} from './sources.mjs';

/// What may not be among the undefined symbols of `base`, `flow` and `onboarding`, as `nm -C` spells them.
/// The formatting functions without I/O (snprintf) and memory are allowed.
export const impureSymbols = [
  ['clock', /^std::chrono::_V2::(system|steady|high_resolution)_clock::now\(\)|^std::chrono::.*_clock::now\(\)/],
  ['clock', /^(clock_gettime|gettimeofday|time|times|clock|ftime|localtime(_r)?|gmtime(_r)?|timespec_get)$/],
  ['random', /^(rand|srand|rand_r|random|srandom|drand48|lrand48|mrand48|getrandom|getentropy|arc4random\w*)$/],
  ['random', /^std::random_device::/],
  ['I/O', /^std::(w?cout|w?cerr|w?clog|w?cin)$|^std::ios_base::Init::/],
  ['I/O', /^std::basic_(filebuf|ifstream|ofstream|fstream)<|^vtable for std::basic_(filebuf|ifstream|ofstream|fstream)</],
  ['I/O', /^std::filesystem::/],
  ['I/O', /^(v?printf|v?f(w)?printf|v?dprintf|puts|putchar|putc|fputs|fputc|fwrite|fread|fopen(64)?|fdopen|fgets|perror|stdout|stderr|stdin)$/],
  ['I/O', /^__(v?f?printf|vdprintf|dprintf)_chk$/],
  ['I/O', /^(open|open64|openat|openat64|creat|read|write|pread(64)?|pwrite(64)?|readv|writev|close|fsync|fdatasync|rename|unlink|stat(64)?|mmap(64)?)$/],
  ['I/O', /^(socket|connect|bind|listen|accept4?|send|sendto|sendmsg|recv|recvfrom|recvmsg|poll|ppoll|select|epoll_\w+|getaddrinfo)$/],
  ['environment', /^(getenv|secure_getenv|setenv|putenv|system|popen|fork|execv\w*|execl\w*|environ)$/],
  ['log', /^syslog$|^vsyslog$|^spdlog::/],
  ['thread', /^(pthread_create|pthread_join|pthread_cond_\w*wait|thrd_create|nanosleep|clock_nanosleep|usleep|sleep)$/],
  ['thread', /^std::thread::|^std::condition_variable::|^std::this_thread::/],
];

/// The undefined symbols of an archive or object, demangled, each once.
export function undefinedSymbols(file) {
  const symbols = new Set();
  for (const line of run('nm', ['-uC', file], {stdio: ['ignore', 'pipe', 'pipe']}).split('\n')) {
    const match = line.match(/^\s+[UwW] (.*)$/);
    if (match) symbols.add(match[1].replace(/@.*$/, ''));
  }
  return [...symbols].sort();
}

/// How many functions and objects an archive defines: none means that it is not the archive meant.
export function countDefinedSymbols(file) {
  return run('nm', ['--defined-only', '--extern-only', file], {stdio: ['ignore', 'pipe', 'pipe']}).match(/^[0-9a-f]+ [A-Z] /gm)?.length ?? 0;
}

/// The impure ones among them, as `kind: symbol`.
export function findImpureSymbols(file) {
  const found = [];
  for (const symbol of undefinedSymbols(file)) {
    const row = impureSymbols.find(([, pattern]) => pattern.test(symbol));
    if (row) found.push(`${row[0]}: ${symbol}`);
  }
  return found;
}
