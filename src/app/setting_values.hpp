// How single values are written: durations, addresses, URLs, lists. Each parser fails with what it expects
// and an example.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "settings.hpp"

namespace jobrun::app {

/// `90s`, `45m`, `1h30m`, `250ms`, `7d`. A unit is required: nobody remembers whether 60 were minutes.
Result<Duration> parse_duration(std::string_view text);

/// A whole number from `least` to `most`.
Result<std::int64_t> parse_whole_number(std::string_view text, std::int64_t least, std::int64_t most);

/// `127.0.0.1:8080` or `[::1]:8080`: an IP address, because a name may resolve to more than was meant.
Result<ListenAddress> parse_listen_address(std::string_view text);

/// An http or https URL without credentials, query and fragment, returned without a slash at its end. The
/// carrier refuses host names with an underscore, and so does this.
Result<std::string> parse_base_url(std::string_view text);

/// smtp:// or smtps:// with a host and perhaps a port, returned without a slash at its end.
Result<std::string> parse_smtp_url(std::string_view text);

/// True when the URL's host can only be this machine.
bool is_loopback_url(std::string_view url);

/// `sqlite:///var/lib/jobrun/jobrun.db` is the file /var/lib/jobrun/jobrun.db; `sqlite:jobrun.db` is relative
/// to the working directory. `%20` and the like are decoded.
Result<std::filesystem::path> parse_database_url(std::string_view text);

/// `GB=500,PL=50`: a whole number for each country, given once. A single comma-separated list.
Result<std::map<std::string, std::int64_t, std::less<>>> parse_country_limits(std::string_view text,
                                                                              std::int64_t most);

/// The text itself, when it is the base64 of 32 bytes.
Result<std::string> parse_base64_key(std::string_view text);

/// Comma-separated, spaces around the parts and empty parts dropped.
std::vector<std::string> split_list(std::string_view text);

}  // namespace jobrun::app
