#include "serve.hpp"

#include <malloc.h>

#include <cerrno>
#include <csignal>
#include <iostream>

#include "service.hpp"

namespace jobrun::app {
namespace {

/// How soon a changed secret or certificate is noticed.
constexpr timespec look_every{.tv_sec = 2, .tv_nsec = 0};

/// Until one of the signals that end the service.
void serve_until_told(const sigset_t& signals, Service& service) {
  for (;;) {
    const int received = sigtimedwait(&signals, nullptr, &look_every);
    if (received == SIGINT || received == SIGTERM) return;
    if (received == SIGHUP) {
      service.credentials().read_again();
      service.look_at_certificate();
    } else if (errno == EAGAIN) {
      service.credentials().look_at_files();
      service.look_at_certificate();
    }
  }
}

}  // namespace

Result<void> run_serve(const Settings& settings, const std::function<Result<Settings>()>& read_again) {
  // Of glibc's arenas, one a thread, most would lie idle: two serve as fast and take megabytes less.
  mallopt(M_ARENA_MAX, 2);
  // Blocked before any thread starts, so that all of them leave the signals to the wait below.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  Result<std::unique_ptr<Service>> service = Service::start(settings, read_again);
  if (!service) return std::unexpected(service.error());
  const bool is_v6 = settings.listen.host.find(':') != std::string::npos;
  std::cout << "listening on " << (is_v6 ? "[" : "") << settings.listen.host << (is_v6 ? "]" : "") << ":"
            << (*service)->port() << std::endl;
  serve_until_told(signals, **service);
  service->reset();
  return {};
}

}  // namespace jobrun::app
