// The certificate that the service itself shows, where no web server stands before it: read from two files, and
// again when they change, which whoever renews certificates does every few weeks.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/ports/clock.hpp"
#include "base/ports/meter.hpp"
#include "base/result.hpp"
#include "net/tls.hpp"
#include "settings.hpp"

namespace jobrun::app {

using TlsIdentity = std::shared_ptr<const net::TlsIdentity>;

/// The pair that the settings name, checked; null when they name none. Fails with the settings and what is wrong.
Result<TlsIdentity> load_tls(const Settings& settings, const Clock& clock);

/// Looks at both files again and again. One thread at a time.
///
/// A new pair that could not serve changes nothing: the former goes on, and an error says so, once for each
/// reason; it is tried again, because it may be right later. So does a file that is replaced a moment before the
/// other.
class TlsFiles {
 public:
  using Renew = std::function<void(TlsIdentity)>;

  /// `settings` name both files. What is in them now counts as known. `clock` and `log` must outlive this.
  TlsFiles(Settings settings, Renew renew, const Clock& clock, Log& log);

  /// Takes up what has changed since the last look.
  void look();

 private:
  using Contents = std::pair<std::string, std::string>;
  Contents read() const;

  Settings settings_;
  Renew renew_;
  const Clock& clock_;
  Log& log_;
  Contents known_;    ///< of the pair in force
  std::string told_;  ///< why the pair that is there now cannot be used
};

}  // namespace jobrun::app
