#include "simulate.hpp"

#include <csignal>
#include <iostream>

namespace jobrun::app {

Result<void> run_simulate(const simulator::Options& options) {
  // Blocked before any thread starts, so that all of them leave the signals to sigwait below.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  simulator::PracticeCarrier carrier(options);
  if (Result<void> started = carrier.start(); !started) return started;
  const std::string url = carrier.url();
  std::cout << "listening on " << url.substr(url.find("://") + 3) << "\n"
            << "page: " << url << "/\n"
            << "for the service: JOBRUN_TWILIO_API_URL=" << url
            << " JOBRUN_TWILIO_ACCOUNT_SID=" << options.account_sid << " JOBRUN_PUBLIC_URL=" << options.service_url
            << " and JOBRUN_TWILIO_AUTH_TOKEN\n"
            << std::flush;
  int received = 0;
  sigwait(&signals, &received);
  carrier.stop();
  return {};
}

}  // namespace jobrun::app
