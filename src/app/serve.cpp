#include "serve.hpp"

#include <malloc.h>

#include <csignal>
#include <iostream>

#include "service.hpp"

namespace jobrun::app {

Result<void> run_serve(const Settings& settings) {
  // Of glibc's arenas, one a thread, most would lie idle: two serve as fast and take megabytes less.
  mallopt(M_ARENA_MAX, 2);
  // Blocked before any thread starts, so that all of them leave the signals to sigwait below.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  Result<std::unique_ptr<Service>> service = Service::start(settings);
  if (!service) return std::unexpected(service.error());
  const bool is_v6 = settings.listen.host.find(':') != std::string::npos;
  std::cout << "listening on " << (is_v6 ? "[" : "") << settings.listen.host << (is_v6 ? "]" : "") << ":"
            << (*service)->port() << std::endl;
  int received = 0;
  sigwait(&signals, &received);
  service->reset();
  return {};
}

}  // namespace jobrun::app
