// Twilio's Messaging Services as far as JobRun reads them: the services of the knob `messaging_services`, their
// numbers and their registrations. They live at an address of their own; here it is the same one.
#pragma once

#include <string>
#include <string_view>

#include "gate/form.hpp"
#include "net/http_server.hpp"
#include "practice.hpp"

namespace jobrun::simulator {

/// Whether the path is of this API: `/v1/Services`.
bool is_messaging_path(std::string_view path);

/// The list that the path names. `base_url`: where its pages are said to be, without a slash at its end.
net::HttpResponse messaging_list(Practice& practice, std::string_view path, const gate::Form& query,
                                 std::string_view account_sid, const std::string& base_url, Instant now);

/// The service that a number is in; nullptr: none.
const PracticeService* service_of(const Knobs& knobs, std::string_view number);

}  // namespace jobrun::simulator
