// The records as JSON, in the words every reader of the API sees.
#pragma once

#include <nlohmann/json.hpp>

#include "base/ports/store.hpp"
#include "base/records.hpp"

namespace jobrun::console_api {

nlohmann::json client_view(const ClientProfile& client);
nlohmann::json number_view(const PoolNumber& number);
nlohmann::json call_view(const CallListing& listing);
/// call_view with `texts` and `timeline`.
nlohmann::json timeline_view(const CallTimeline& timeline);
nlohmann::json incident_view(const IncidentRecord& incident);
/// An inbound text; unless `is_shown`, who sent it is masked and what it says left out.
nlohmann::json inbound_view(const InboundListing& listing, bool is_shown);
/// inbound_view with how the text was settled.
nlohmann::json triage_view(const InboundListing& listing, bool is_shown);
/// A number of nobody's that was called. `pooled`: as the number pool has it now. With the one command that makes
/// it a business's, and the one that says that it is nobody's; for each text that nobody has dealt with, those
/// that do.
nlohmann::json failsafe_view(const FailsafeNumber& called, const std::optional<PoolNumber>& pooled, bool is_shown);
/// A conversation; unless `is_shown`, its customer is masked and what was said left out.
nlohmann::json conversation_view(const ConversationListing& listing, bool is_shown);
nlohmann::json message_view(const ConversationMessage& message);
nlohmann::json text_on_record_view(const TextOnRecord& text);
nlohmann::json recording_view(const RecordingListing& recording);
nlohmann::json alert_view(const AlertRecord& alert);
nlohmann::json sender_view(const BlockedSender& sender);

}  // namespace jobrun::console_api
