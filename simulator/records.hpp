// What the practice carrier remembers of calls, texts, numbers and requests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/call.hpp"
#include "base/time.hpp"

namespace jobrun::simulator {

/// One webhook as it went: what the service answered, or why there was no answer.
struct WebhookNote {
  std::string kind{};
  std::string url{};
  int status = 0;         ///< 0: no answer
  std::string problem{};  ///< empty: none
  std::string body{};     ///< the answer's, at most webhook_body_kept bytes
  Duration took{0};
};

inline constexpr std::size_t webhook_body_kept = 4'096;
inline constexpr std::size_t notes_max = 100;  ///< per call or text; further ones are not noted

struct CallRecord {
  std::string sid{};
  std::string parent_sid{};
  std::string from{};
  std::string to{};
  std::string forwarded_from{};
  std::string caller_name{};
  std::string direction = "inbound";
  CallStatus status = CallStatus::ringing;
  Instant created_at{};
  Instant updated_at{};
  std::optional<Instant> ended_at{};
  std::int64_t duration_s = 0;
  std::vector<std::string> heard{};     ///< what the phone's owner heard, line by line
  std::vector<std::string> problems{};  ///< what was wrong with the service's answers, with Twilio's code
  std::vector<WebhookNote> webhooks{};
};

struct TextRecord {
  std::string sid{};
  std::string direction{};  ///< outbound-api or inbound
  std::string from{};
  std::string to{};
  std::string body{};
  std::string status{};
  std::string messaging_service_sid{};
  std::string status_callback{};
  int error_code = 0;
  std::size_t segments = 1;
  Instant created_at{};
  Instant updated_at{};
  std::optional<Instant> sent_at{};
  bool arrives = true;  ///< false: its fate is undelivered or failed, so no phone shows it
  std::vector<WebhookNote> webhooks{};
};

/// A picture or the like that came with a text.
struct MediaRecord {
  std::string sid{};
  std::string type{};
  std::string content{};
};

inline constexpr std::size_t media_per_text_max = 10;
inline constexpr std::size_t media_content_max = 65'536;

struct NumberRecord {
  std::string sid{};
  std::string number{};
  std::string base_url{};  ///< empty: the knob service_url; what the URLs below are when never set
  std::optional<std::string> voice_url{};
  std::optional<std::string> status_callback{};
  std::optional<std::string> sms_url{};
  std::string voice_fallback_url{};
  std::string sms_fallback_url{};
  std::string voice_method = "POST";
  std::string voice_fallback_method = "POST";
  std::string status_callback_method = "POST";
  std::string sms_method = "POST";
  std::string sms_fallback_method = "POST";
  std::string friendly_name{};
  std::string sms_application_sid{};
  std::string voice_application_sid{};
  std::string trunk_sid{};
  Instant created_at{};
  Instant updated_at{};
};

/// A request that the service made.
struct RequestRecord {
  std::uint64_t number = 0;
  Instant at{};
  std::string method{};
  std::string target{};
  std::vector<std::pair<std::string, std::string>> headers{};  ///< without the credentials
  std::string body{};
  int answered = 0;  ///< 0: hung or closed without an answer
};

struct AlertRow {
  std::uint64_t number = 0;
  Instant at{};
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  int answered = 0;
};

}  // namespace jobrun::simulator
