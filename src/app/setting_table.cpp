#include <algorithm>
#include <array>

#include "base/mail_address.hpp"
#include "console_api/country_codes.hpp"
#include "setting_values.hpp"
#include "settings.hpp"

namespace jobrun::app {
namespace {

template <class T>
Result<void> keep(T& place, Result<T> value) {
  if (!value) return std::unexpected(std::move(value).error());
  place = *std::move(value);
  return {};
}

Result<void> keep_number(std::optional<E164>& place, std::string_view text) {
  const Result<E164> number = E164::parse(text);
  if (!number) return std::unexpected(number.error());
  place = *number;
  return {};
}

Result<void> keep_duration(Duration& place, std::string_view text, Duration least, Duration most,
                           std::string_view range) {
  const Result<Duration> duration = parse_duration(text);
  if (!duration) return std::unexpected(duration.error());
  if (*duration < least || *duration > most) return invalid("must be " + std::string(range));
  place = *duration;
  return {};
}

/// One line of printable ASCII without spaces: what can go into a header or a URL.
Result<void> keep_token(std::string& place, std::string_view text, std::size_t least, std::size_t most) {
  const auto is_printable = [](char c) { return c > 0x20 && c < 0x7F; };
  if (text.size() < least || text.size() > most || !std::ranges::all_of(text, is_printable)) {
    return invalid("must be " + std::to_string(least) + " to " + std::to_string(most) +
                   " printable ASCII characters without spaces");
  }
  place = text;
  return {};
}

Result<void> keep_account_sid(std::string& place, std::string_view text) {
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  constexpr std::size_t length_max = 64;
  if (text.size() > length_max || !text.starts_with("AC") || !std::ranges::all_of(text, is_plain)) {
    return invalid("must be the account's id: AC and letters and digits, from the carrier's console");
  }
  place = text;
  return {};
}

Result<void> keep_auth_tokens(std::vector<std::string>& place, std::string_view text) {
  constexpr std::size_t tokens_max = 10;
  std::vector<std::string> tokens = split_list(text);
  if (tokens.empty() || tokens.size() > tokens_max) return invalid("must be 1 to 10 tokens, comma-separated");
  for (const std::string& token : tokens) {
    std::string checked;
    if (Result<void> kept = keep_token(checked, token, 1, 256); !kept) return kept;
  }
  place = std::move(tokens);
  return {};
}

Result<void> keep_email(std::string& place, std::string_view text) {
  if (!is_mail_address(text)) {
    return invalid("must be one e-mail address in plain letters, for example operator@example.com");
  }
  place = text;
  return {};
}

Result<void> keep_webhook_url(std::string& place, std::string_view text) {
  if (!text.starts_with("https://") && !text.starts_with("http://")) {
    return invalid("must begin with https:// or http://, for example https://alerts.example.com/jobrun");
  }
  return keep_token(place, text, 10, 1024);
}

Result<void> keep_countries(std::vector<std::string>& place, std::string_view text) {
  std::vector<std::string> codes = split_list(text);
  if (!std::ranges::all_of(codes, [](const std::string& code) { return console_api::is_country_code(code); })) {
    return invalid("must be ISO 3166 country codes in capital letters, comma-separated, for example US,CA");
  }
  place = std::move(codes);
  return {};
}

/// Which zones there are, the start says: settings are read where no clocks are known.
Result<void> keep_time_zone(std::string& place, std::string_view text) {
  const auto is_plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("/_+-").find(c) != std::string_view::npos;
  };
  constexpr std::size_t length_max = 64;
  if (text.empty() || text.size() > length_max || !std::ranges::all_of(text, is_plain)) {
    return invalid("must be a time zone's IANA name, for example Europe/London");
  }
  place = text;
  return {};
}

/// Read at the start, and whenever it changes: here it is only a name.
Result<void> keep_file(std::filesystem::path& place, std::string_view text) {
  if (!text.starts_with('/'))
    return invalid("must be a file's whole path, for example /etc/jobrun/certificate.pem");
  place = text;
  return {};
}

Result<void> keep_log_level(LogLevel& place, std::string_view text) {
  const std::optional<LogLevel> level = parse_name<LogLevel>(text);
  if (!level) return invalid("must be debug, info, warning, error or critical");
  place = *level;
  return {};
}

Result<void> keep_activation(onboarding::Activation& place, std::string_view text) {
  const std::optional<onboarding::Activation> activation = parse_name<onboarding::Activation>(text);
  if (!activation) return invalid("must be open, manual_approval or invite_code");
  place = *activation;
  return {};
}

/// As owners write them is the reader's business: here they are capitals and digits.
Result<void> keep_invite_codes(std::set<std::string, std::less<>>& place, std::string_view text) {
  constexpr std::size_t codes_max = 1'000;
  constexpr std::size_t length_min = 6;
  std::vector<std::string> codes = split_list(text);
  const auto is_plain = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  const auto is_code = [&](const std::string& code) {
    return code.size() >= length_min && code.size() <= onboarding::invite_code_bytes_max &&
           std::ranges::all_of(code, is_plain);
  };
  if (codes.size() > codes_max || !std::ranges::all_of(codes, is_code)) {
    return invalid("must be at most 1,000 codes of 6 to 32 capital letters and digits, comma-separated");
  }
  place = {std::make_move_iterator(codes.begin()), std::make_move_iterator(codes.end())};
  return {};
}

Result<void> keep_flag(bool& place, std::string_view text) {
  if (text != "true" && text != "false") return invalid("must be true or false");
  place = text == "true";
  return {};
}

using Text = std::string_view;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto table = std::to_array<SettingSpec>({
    {"listen", "IP address and port", "127.0.0.1:8080",
     "Where the service listens. A web server with TLS stands before it, or `tls_certificate_file` is set.", SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.listen, parse_listen_address(t)); }},
    {"tls_certificate_file", "file", "",
     "The certificate for the host of `public_url`, then what vouches for it, in PEM: the service speaks HTTPS itself, "
     "TLS 1.2 or later. A new one is taken up soon after the file has changed, without cutting anybody off. Needed "
     "with `tls_key_file`.",
     SettingUse::serve, false, false, [](Settings& s, Text t) { return keep_file(s.tls_certificate_file, t); }},
    {"tls_key_file", "file", "", "The certificate's key in PEM, without a passphrase. Needed with `tls_certificate_file`.",
     SettingUse::serve, false, false, [](Settings& s, Text t) { return keep_file(s.tls_key_file, t); }},
    {"public_url", "URL", "",
     "The base of the URLs that the carrier calls, exactly as configured there: webhook signatures are computed "
     "over it. Never taken from a request.",
     SettingUse::serve, true, false, [](Settings& s, Text t) { return keep(s.public_url, parse_base_url(t)); }},
    {"database_url", "URL", "sqlite:///var/lib/jobrun/jobrun.db",
     "The database: `sqlite:///` and an absolute path. PostgreSQL is not supported yet.", SettingUse::commands,
     false, false, [](Settings& s, Text t) { return keep(s.database, parse_database_url(t)); }},
    {"spool_dir", "directory", "",
     "Where events go while the database cannot be written; empty: `<database>.spool`. Better on another disk "
     "than "
     "the database.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) -> Result<void> {
       s.spool_dir = std::filesystem::path(t);
       return {};
     }},
    {"twilio_account_sid", "account id", "", "The carrier account.", SettingUse::serve, true, false,
     [](Settings& s, Text t) { return keep_account_sid(s.twilio_account_sid, t); }},
    {"twilio_auth_token", "one or more tokens", "",
     "The account's auth token. Several, comma-separated, while rotating: the first signs requests to the "
     "carrier, "
     "a webhook may be signed with any.",
     SettingUse::serve, true, true, [](Settings& s, Text t) { return keep_auth_tokens(s.twilio_auth_tokens, t); }},
    {"twilio_api_url", "URL", "https://api.twilio.com", "The carrier's API; another one for practice and tests.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.twilio_api_url, parse_base_url(t)); }},
    {"twilio_messaging_url", "URL", "",
     "Where the carrier's Messaging Services are looked at; empty: `https://messaging.twilio.com`, or "
     "`twilio_api_url` where that is another one.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.twilio_messaging_url, parse_base_url(t)); }},
    {"balance_low", "whole number", "20",
     "The operator is told when the account has less money than this, in its own currency. 0: never, as for an "
     "account that is billed afterwards.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.balance_low, parse_whole_number(t, 0, 1'000'000'000)); }},
    {"voice_fallback_url", "URL", "",
     "Where the carrier goes while this service cannot be reached: on another host, which serves what `jobrun "
     "fallback-twiml` prints. `jobrun doctor --fix` sets it on the numbers; empty: it leaves theirs as they are.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep_webhook_url(s.voice_fallback_url, t); }},
    {"twilio_texts_per_second", "whole number", "100",
     "At most so many texts leave in a second: the account's rate. 0: no limit.", SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.twilio_texts_per_second, parse_whole_number(t, 0, 100'000)); }},
    {"twilio_requests_in_flight", "whole number", "256",
     "At most so many texts are with the carrier and not yet answered, of each account: what a crash leaves in "
     "doubt.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.twilio_requests_in_flight, parse_whole_number(t, 1, 4'096)); }},
    {"telnyx_api_key", "text", "",
     "The key of a second account, at Telnyx: it takes the texts that the first account does not get out. Needed "
     "with "
     "`telnyx_sender`.",
     SettingUse::serve, false, true, [](Settings& s, Text t) { return keep_token(s.telnyx_api_key, t, 1, 256); }},
    {"telnyx_api_url", "URL", "https://api.telnyx.com",
     "The second account's API; another one for practice and tests.", SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.telnyx_api_url, parse_base_url(t)); }},
    {"telnyx_public_key", "base64 of 32 bytes", "",
     "Proves that webhooks come from Telnyx; from its portal. Without it they are refused, and the second account "
     "does "
     "not tell what becomes of its texts.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.telnyx_public_key, parse_base64_key(t)); }},
    {"telnyx_sender", "phone number, E.164", "",
     "The number that the second account texts from. Replies to it do not reach the service: its texts say where "
     "to "
     "reply. May not be a client's number. Needed with `telnyx_api_key`.",
     SettingUse::commands, false, false, [](Settings& s, Text t) { return keep_number(s.telnyx_sender, t); }},
    {"segments_per_second_and_sender", "whole number", "1",
     "At most so many segments of texts leave from one number in a second; from US toll-free numbers three times "
     "as "
     "many. Carriers take more slowly from a number than texts could be sent, and queue the rest for hours. 0: no "
     "limit.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.segments_per_second_and_sender, parse_whole_number(t, 0, 1'000)); }},
    {"failsafe_sender", "phone number, E.164", "",
     "Sends the fail-safe text to callers of numbers that nobody registered. Without it the number called sends "
     "it. May not be a client's number.",
     SettingUse::commands, false, false, [](Settings& s, Text t) { return keep_number(s.failsafe_sender, t); }},
    {"onboarding_number", "phone number, E.164", "",
     "The number where owners sign up by text, if it is not in the number pool. May not be a client's number.",
     SettingUse::commands, false, false, [](Settings& s, Text t) { return keep_number(s.onboarding_number, t); }},
    {"admin_token", "text", "",
     "Opens the API below `/api/v1/`, as a bearer token of at least 16 characters. Without it the API is off.",
     SettingUse::serve, false, true, [](Settings& s, Text t) { return keep_token(s.admin_token, t, 16, 256); }},
    {"operator_phone", "phone number, E.164", "",
     "The operator's phone. With it and `failsafe_sender` alerts leave by text too: the operator's to this phone, "
     "an owner's to the owner.",
     SettingUse::serve, false, false, [](Settings& s, Text t) { return keep_number(s.operator_phone, t); }},
    {"alert_texts_per_hour", "whole number", "12",
     "At most so many texts of alerts go to one phone in an hour; what is more is kept back and told in one.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.alert_texts_per_hour, parse_whole_number(t, 1, 1'000)); }},
    {"operator_email", "e-mail address", "", "Alerts are mailed here, but for those of owners who chose to be mailed. Needed with `smtp_url`.", SettingUse::serve,
     false, false, [](Settings& s, Text t) { return keep_email(s.operator_email, t); }},
    {"email_sender", "e-mail address", "", "Whom these mails come from; empty: `operator_email`.",
     SettingUse::serve, false, false, [](Settings& s, Text t) { return keep_email(s.email_sender, t); }},
    {"smtp_url", "URL", "",
     "The server that takes alerts by mail. `smtps://` begins with TLS, `smtp://` must offer STARTTLS unless it "
     "is on this machine. Needed with `operator_email`.",
     SettingUse::serve, false, false, [](Settings& s, Text t) { return keep(s.smtp_url, parse_smtp_url(t)); }},
    {"smtp_user", "text", "", "Signs in to the mail server. Needed with `smtp_password`.", SettingUse::serve,
     false, false, [](Settings& s, Text t) { return keep_token(s.smtp_user, t, 1, 256); }},
    {"smtp_password", "text", "", "Signs in to the mail server. Needed with `smtp_user`.", SettingUse::serve,
     false, true, [](Settings& s, Text t) { return keep_token(s.smtp_password, t, 1, 256); }},
    {"alert_webhook_url", "URL", "",
     "Alerts are posted here as signed JSON. Without any alert channel nobody is told, and `serve` warns.",
     SettingUse::serve, false, true, [](Settings& s, Text t) { return keep_webhook_url(s.alert_webhook_url, t); }},
    {"alert_webhook_secret", "text", "",
     "Signs the alerts, so that their receiver can tell them from forgeries. Needed with `alert_webhook_url`.",
     SettingUse::serve, false, true,
     [](Settings& s, Text t) { return keep_token(s.alert_webhook_secret, t, 8, 256); }},
    {"time_zone", "IANA name", "UTC",
     "Where clients are who have not set a time zone of their own: what their hours, and their weeks, go by.",
     SettingUse::serve, false, false, [](Settings& s, Text t) { return keep_time_zone(s.time_zone, t); }},
    {"cool_down", "duration", "60m",
     "One first text to one caller from one number within this time. A client can have its own.",
     SettingUse::serve, false, false,
     [](Settings& s,
        Text t) { return keep_duration(s.cool_down, t, Duration{0}, hours(24 * 30), "at most 30d"); }},
    {"commit_deadline", "duration", "1s",
     "When the database takes longer to write events, they go to the spool until it is well again.",
     SettingUse::serve, false, false,
     [](Settings& s,
        Text t) { return keep_duration(s.commit_deadline, t, Duration{100}, seconds(10), "from 100ms to 10s"); }},
    {"outcome_deadline", "duration", "60s",
     "A call still without an outcome so long after its end is an incident.", SettingUse::serve, false, false,
     [](Settings& s, Text t) {
       return keep_duration(s.outcome_deadline, t, seconds(1), hours(1), "from 1s to 1h");
     }},
    {"unknown_look_every", "duration", "15s",
     "So long after a text's fate became unknown the carrier is asked whether it has it, and then again; three "
     "times before it is sent again.",
     SettingUse::serve, false, false,
     [](Settings& s,
        Text t) { return keep_duration(s.unknown_look_every, t, seconds(1), hours(1), "from 1s to 1h"); }},
    {"unknown_deadline", "duration", "120s",
     "Instead of `outcome_deadline`, when that is shorter, while the carrier is asked about the call's text.",
     SettingUse::serve, false, false,
     [](Settings& s,
        Text t) { return keep_duration(s.unknown_deadline, t, seconds(1), hours(1), "from 1s to 1h"); }},
    {"text_useful_for", "duration", "2h",
     "A first text that could not leave so long after the call's end leaves no more: a person is told instead.",
     SettingUse::serve, false, false,
     [](Settings& s,
        Text t) { return keep_duration(s.text_useful_for, t, minutes(1), hours(48), "from 1m to 48h"); }},
    {"text_countries", "country codes", "",
     "Countries whose phones may be texted; empty: that of the number called. A client can have its own.",
     SettingUse::serve, false, false, [](Settings& s, Text t) { return keep_countries(s.text_countries, t); }},
    {"pair_texts_max", "whole number", "20",
     "Loop breaker: automatic texts between one caller and one number within `pair_texts_window`.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.pair_texts_max, parse_whole_number(t, 1, 10'000)); }},
    {"pair_texts_window", "duration", "10m", "The loop breaker's window.", SettingUse::serve, false, false,
     [](Settings& s, Text t) {
       return keep_duration(s.pair_texts_window, t, seconds(10), hours(24), "from 10s to 24h");
     }},
    {"client_texts_per_day", "whole number", "500",
     "Cost guard: texts for one client in a UTC day. A client can have its own.", SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.client_texts_per_day, parse_whole_number(t, 0, 1'000'000'000)); }},
    {"service_texts_per_day", "whole number", "20000", "Cost guard: texts for everybody together in a UTC day.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.service_texts_per_day, parse_whole_number(t, 0, 1'000'000'000)); }},
    {"country_texts_per_day", "country codes with numbers", "",
     "Cost guard: texts to phones of a country in a UTC day, as `GB=500,PL=50`. A country that is not listed has "
     "no "
     "limit of its own.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.country_texts_per_day, parse_country_limits(t, 1'000'000'000)); }},
    {"texts_waiting_alert_above", "whole number", "1000",
     "The operator is alerted when more texts than this wait to be sent.", SettingUse::serve, false, false,
     [](Settings& s, Text t) {
       return keep(s.texts_waiting_alert_above, parse_whole_number(t, 1, 1'000'000'000));
     }},
    {"retention_days", "whole number", "365",
     "So many days what customers wrote and said is kept, where a client has set nothing else. Then it is emptied; "
     "that they were served, when and how, stays.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep(s.retention_days, parse_whole_number(t, 1, 3'650)); }},
    {"sweep_every", "duration", "60s",
     "So often the carrier's lists of calls and texts are read for those whose webhooks were lost.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) { return keep_duration(s.sweep_every, t, seconds(1), hours(1), "from 1s to 1h"); }},
    {"sweep_grace", "duration", "30s",
     "So long after a call's end its webhook may still come, before the sweep takes it for lost.",
     SettingUse::serve, false, false,
     [](Settings& s,
        Text t) { return keep_duration(s.sweep_grace, t, seconds(1), minutes(10), "from 1s to 10m"); }},
    {"drift_check_every", "duration", "1h",
     "So often the numbers at the carrier are compared with ours, and the account is looked at, the first time a "
     "sixtieth of this after the start.",
     SettingUse::serve, false, false,
     [](Settings& s,
        Text t) { return keep_duration(s.drift_check_every, t, seconds(1), hours(24), "from 1s to 24h"); }},
    {"canary_every", "duration", "5m",
     "So often a canary, a call of our own making, goes the whole way from the public URL to the carrier. 0s: never.",
     SettingUse::serve, false, false,
     [](Settings& s, Text t) {
       if (t == "0s") return keep(s.canary_every, Result<Duration>(Duration{0}));
       return keep_duration(s.canary_every, t, seconds(1), hours(24), "0s, or from 1s to 24h");
     }},
    {"canary_number", "phone number, E.164", "+18005550199",
     "The number that canaries call: nobody's. The default is set aside for fiction.", SettingUse::serve, false,
     false, [](Settings& s, Text t) { return keep(s.canary_number, E164::parse(t)); }},
    {"onboarding_activation", "open, manual_approval or invite_code", "manual_approval",
     "Who gets a number once he has confirmed his answers: everybody, whom the operator approves (`jobrun onboarding "
     "approve`), or who sends a code. Open to everybody, whoever texts often enough empties the pool.",
     SettingUse::serve, false, false, [](Settings& s, Text t) { return keep_activation(s.onboarding_activation, t); }},
    {"onboarding_invite_codes", "codes, comma-separated", "",
     "The codes that let an owner in, with `onboarding_activation` invite_code: 6 to 32 capital letters and digits.",
     SettingUse::serve, false, true,
     [](Settings& s, Text t) { return keep_invite_codes(s.onboarding_invite_codes, t); }},
    {"log_level", "debug, info, warning, error or critical", "info", "The least important lines that are logged.",
     SettingUse::serve, false, false, [](Settings& s, Text t) { return keep_log_level(s.log_level, t); }},
    {"log_customer_numbers", "true or false", "false", "Log customers' numbers in full instead of masked.",
     SettingUse::serve, false, false, [](Settings& s, Text t) { return keep_flag(s.log_customer_numbers, t); }},
});

}  // namespace

std::span<const SettingSpec> setting_specs() {
  return table;
}

}  // namespace jobrun::app
