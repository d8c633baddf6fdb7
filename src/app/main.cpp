#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "command_line.hpp"
#include "serve.hpp"
#include "simulate.hpp"
#include "system_clock.hpp"

namespace {

std::optional<std::string> environment_value(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::vector<std::string> our_environment_names() {
  std::vector<std::string> names;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (text.starts_with("JOBRUN_")) names.push_back(text.substr(0, text.find('=')));
  }
  return names;
}

}  // namespace

int main(int argument_count, char** arguments) {
  using namespace jobrun::app;
  std::signal(SIGPIPE, SIG_IGN);  // `jobrun calls list | head` ends by a failed write
  const SystemClock clock;
  StandardTerminal terminal;
  CommandEnvironment environment{.out = std::cout,
                                 .err = std::cerr,
                                 .clock = clock,
                                 .sources = {.environment = environment_value,
                                             .environment_names = our_environment_names(),
                                             .config_file = {}},
                                 .serve = run_serve,
                                 .simulate = run_simulate,
                                 .terminal = &terminal};
  try {
    return static_cast<int>(
        run_command_line(std::vector<std::string>(arguments + 1, arguments + argument_count), environment));
  } catch (const std::exception& broken) {
    std::cerr << "jobrun: " << broken.what() << "\n";
    return static_cast<int>(ExitCode::failure);
  }
}
