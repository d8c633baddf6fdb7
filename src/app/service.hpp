// The service, wired: every part in its start order, and the way back.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.hpp"
#include "credentials.hpp"
#include "settings.hpp"

namespace jobrun::app {

class Service {
 public:
  /// Takes the database's lock, brings its schema up to date, takes up what a former process left, and
  /// accepts webhooks. On failure everything is released again. `read_again` reads the settings anew.
  static Result<std::unique_ptr<Service>> start(const Settings& settings, Credentials::Read read_again);
  /// Stops accepting, answers what is in progress, commits what waits, gives texts in flight a moment to be
  /// answered. What is not answered by then is taken up at the next start.
  ~Service();

  /// The port webhooks are accepted on.
  std::uint16_t port() const;

  /// For whoever notices that they may have changed.
  Credentials& credentials();
  /// The same for the files of the certificate, where there are any.
  void look_at_certificate();

 private:
  struct Parts;
  explicit Service(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace jobrun::app
