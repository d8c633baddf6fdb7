// Kills the process that it is loaded into (LD_PRELOAD) at one precise place: before, in the middle of or after
// the n-th call of one kind on one file or connection. No signal from outside hits such a place, and nothing in
// the process knows of it.
//
// JOBRUN_KILL_AT is "CALL WHEN NTH SUBJECT", as in "sync before 1 */jobrun.db-wal".
//   CALL     write, sync, truncate, rename, remove, connect, accept, send or recv
//   WHEN     before, amid (write and send: half of the bytes are through) or after. A recv or accept counts once
//            it has, or will have, something; whatever counts after has succeeded.
//   SUBJECT  a pattern as in the shell, for the path of the file or, for a connection, "tcp OUR_PORT>THEIR_PORT"
// Calls count once the file JOBRUN_KILL_ARMED exists. The last thing done is to make the file JOBRUN_KILL_SEEN, by
// which the test knows that the place was reached.
#include <dlfcn.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

enum class When { before, amid, after };

struct Place {
  std::string call;
  When when = When::before;
  int nth = 0;
  std::string subject;
};

/// Cuts off and returns what stands before the next space.
std::string next_word(std::string_view& rest) {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  std::string word(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

Place place_from_environment() {
  const char* text = std::getenv("JOBRUN_KILL_AT");
  if (text == nullptr) return {};
  std::string_view rest = text;
  Place place;
  place.call = next_word(rest);
  const std::string when = next_word(rest);
  place.when = when == "amid" ? When::amid : when == "after" ? When::after : When::before;
  const std::string nth = next_word(rest);
  std::from_chars(nth.data(), nth.data() + nth.size(), place.nth);
  place.subject = rest;
  return place;
}

/// For ever: the last threads call as long as the process lives.
const Place& place() {
  static const Place& made = *new Place(place_from_environment());
  return made;
}

/// The system's own function, which this library stands before.
template <class Function>
Function* system_function(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}
#define SYSTEM_FUNCTION(name) static auto* const real = system_function<decltype(name)>(#name)

int port_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return -1;
}

std::string connection(int our_port, int their_port) {
  return "tcp " + std::to_string(our_port) + ">" + std::to_string(their_port);
}

int our_port_of(int file) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return getsockname(file, reinterpret_cast<sockaddr*>(&address), &size) == 0 ? port_of(address) : -1;
}

int their_port_of(int file) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  return getpeername(file, reinterpret_cast<sockaddr*>(&address), &size) == 0 ? port_of(address) : 0;
}

std::string path_of(int file) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = readlink(link.c_str(), path.data(), path.size());
  return {path.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

std::string path_in(int folder, const char* name) {
  return folder == AT_FDCWD || name[0] == '/' ? name : path_of(folder) + "/" + name;
}

bool is_armed() {
  static std::atomic<bool> armed = false;
  const char* file = std::getenv("JOBRUN_KILL_ARMED");
  if (!armed && file != nullptr && syscall(SYS_faccessat, AT_FDCWD, file, F_OK) == 0) armed = true;
  return armed;
}

/// Whether this call is the one. `subject` is asked only where the kind of call fits.
template <class Subject>
bool is_here(std::string_view call, When when, const Subject& subject) {
  static std::atomic<int> calls = 0;
  const Place& wanted = place();
  if (wanted.call != call || wanted.when != when) return false;
  const int error = errno;
  const bool fits = fnmatch(wanted.subject.c_str(), subject().c_str(), 0) == 0 && is_armed();
  errno = error;
  return fits && ++calls == wanted.nth;
}

[[noreturn]] void die() {
  if (const char* seen = std::getenv("JOBRUN_KILL_SEEN"); seen != nullptr) {
    syscall(SYS_openat, AT_FDCWD, seen, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  }
  for (;;) syscall(SYS_kill, getpid(), SIGKILL);
}

/// A call that is one whole: dies before or after it.
template <class Subject, class Call>
auto around(std::string_view name, const Subject& subject, const Call& call) {
  if (is_here(name, When::before, subject)) die();
  const auto result = call();
  if (result >= 0 && is_here(name, When::after, subject)) die();
  return result;
}

/// A call that takes `size` bytes: dies with half of them through, too.
template <class Subject, class Call>
ssize_t around_bytes(std::string_view name, const Subject& subject, std::size_t size, const Call& call) {
  if (is_here(name, When::amid, subject)) {
    call(size / 2);
    die();
  }
  return around(name, subject, [&] { return call(size); });
}

/// A call that may find nothing yet, and then does not count.
template <class Call>
ssize_t around_recv(int file, const Call& call) {
  const auto subject = [file] { return connection(our_port_of(file), their_port_of(file)); };
  if (place().call == "recv" && place().when == When::before) {
    char first = 0;
    SYSTEM_FUNCTION(recv);
    const int error = errno;
    const bool has_something = real(file, &first, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
    errno = error;
    if (has_something && is_here("recv", When::before, subject)) die();
  }
  const ssize_t result = call();
  if (result > 0 && is_here("recv", When::after, subject)) die();
  return result;
}

}  // namespace

// What Boost.Asio, libcurl, SQLite and our own files call today. A call that is not here is a place never reached,
// and the test says so.
extern "C" {

ssize_t write(int file, const void* bytes, std::size_t size) {
  SYSTEM_FUNCTION(write);
  return around_bytes(
      "write", [&] { return path_of(file); }, size, [&](std::size_t n) { return real(file, bytes, n); });
}

ssize_t pwrite(int file, const void* bytes, std::size_t size, off_t at) {
  SYSTEM_FUNCTION(pwrite);
  return around_bytes(
      "write", [&] { return path_of(file); }, size, [&](std::size_t n) { return real(file, bytes, n, at); });
}

ssize_t pwrite64(int file, const void* bytes, std::size_t size, off64_t at) {
  SYSTEM_FUNCTION(pwrite64);
  return around_bytes(
      "write", [&] { return path_of(file); }, size, [&](std::size_t n) { return real(file, bytes, n, at); });
}

int fsync(int file) {
  SYSTEM_FUNCTION(fsync);
  return around("sync", [&] { return path_of(file); }, [&] { return real(file); });
}

int fdatasync(int file) {
  SYSTEM_FUNCTION(fdatasync);
  return around("sync", [&] { return path_of(file); }, [&] { return real(file); });
}

int ftruncate(int file, off_t size) noexcept {
  SYSTEM_FUNCTION(ftruncate);
  return around("truncate", [&] { return path_of(file); }, [&] { return real(file, size); });
}

int ftruncate64(int file, off64_t size) noexcept {
  SYSTEM_FUNCTION(ftruncate64);
  return around("truncate", [&] { return path_of(file); }, [&] { return real(file, size); });
}

int rename(const char* from, const char* to) noexcept {
  SYSTEM_FUNCTION(rename);
  return around("rename", [&] { return std::string(to); }, [&] { return real(from, to); });
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  SYSTEM_FUNCTION(renameat);
  return around(
      "rename", [&] { return path_in(to_folder, to); }, [&] { return real(from_folder, from, to_folder, to); });
}

int unlink(const char* path) noexcept {
  SYSTEM_FUNCTION(unlink);
  return around("remove", [&] { return std::string(path); }, [&] { return real(path); });
}

int unlinkat(int folder, const char* name, int flags) noexcept {
  SYSTEM_FUNCTION(unlinkat);
  return around("remove", [&] { return path_in(folder, name); }, [&] { return real(folder, name, flags); });
}

/// One that is under way counts as done.
int connect(int file, const sockaddr* address, socklen_t size) {
  SYSTEM_FUNCTION(connect);
  sockaddr_storage to{};
  __builtin_memcpy(&to, address, std::min<std::size_t>(size, sizeof to));
  const auto subject = [&] { return connection(0, port_of(to)); };
  if (is_here("connect", When::before, subject)) die();
  const int result = real(file, address, size);
  if ((result == 0 || errno == EINPROGRESS) && is_here("connect", When::after, subject)) die();
  return result;
}

int accept(int file, sockaddr* address, socklen_t* size) {
  SYSTEM_FUNCTION(accept);
  const int result = real(file, address, size);
  if (result >= 0 && is_here("accept", When::after, [&] { return connection(our_port_of(file), 0); })) die();
  return result;
}

int accept4(int file, sockaddr* address, socklen_t* size, int flags) {
  SYSTEM_FUNCTION(accept4);
  const int result = real(file, address, size, flags);
  if (result >= 0 && is_here("accept", When::after, [&] { return connection(our_port_of(file), 0); })) die();
  return result;
}

ssize_t send(int file, const void* bytes, std::size_t size, int flags) {
  SYSTEM_FUNCTION(send);
  return around_bytes(
      "send", [&] { return connection(our_port_of(file), their_port_of(file)); }, size,
      [&](std::size_t n) { return real(file, bytes, n, flags); });
}

ssize_t recv(int file, void* bytes, std::size_t size, int flags) {
  SYSTEM_FUNCTION(recv);
  return around_recv(file, [&] { return real(file, bytes, size, flags); });
}

}  // extern "C"
