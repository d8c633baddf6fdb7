// What the service said should happen in a call, read as strictly as the carrier reads it.
//
//   <?xml version="1.0" encoding="UTF-8"?>
//   <Response><Say language="en-US">Smith &amp; Sons will text you.</Say><Hangup/></Response>
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "parameters.hpp"

namespace jobrun::simulator {

struct Element {
  std::string name;
  Parameters attributes;
  std::string text;  ///< its own and its descendants', as spoken
  std::vector<Element> children;

  std::string_view attribute(std::string_view attribute_name) const {
    return value_of(attributes, attribute_name);
  }
};

/// What Twilio's debugger would say: its error code and a sentence.
struct TwimlProblem {
  int code = 0;
  std::string message;

  std::string text() const { return std::to_string(code) + ": " + message; }
};

inline constexpr std::size_t twiml_bytes_max = 64 * 1024;
inline constexpr std::size_t twiml_elements_max = 1'000;
inline constexpr std::size_t twiml_depth_max = 10;

/// The `<Response>` of an answer. text/plain is read aloud as it is. Fails for a wrong content type (12300),
/// too large a body (11750), ill-formed XML, invalid UTF-8, a DOCTYPE, or another root (12100).
std::expected<Element, TwimlProblem> read_twiml(std::string_view content_type, std::string_view body);

/// Verbs and attributes that Twilio does not know (12200). It plays the rest; so does this carrier.
std::vector<TwimlProblem> unknown_parts(const Element& response);

/// `reference` as seen from the document at `base`, as an absolute URL.
std::string resolved_url(std::string_view base, std::string_view reference);

}  // namespace jobrun::simulator
