// What the outbox counts of the carrier's answers.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "base/metric.hpp"
#include "base/ports/carrier.hpp"
#include "base/records.hpp"
#include "base/text.hpp"

namespace jobrun::outbox {

/// The labels of Metric::carrier_answers: what the answer means, and its code as far as a table knows it.
std::array<std::string_view, 2> labels_of(const SendAnswer& answer);

/// The carrier has said that it has the text; `now` is when it did.
std::vector<Count> counts_of_acceptance(const TextRecord& text, Instant now);

/// The carrier, by refusing a text, has told that its recipient opted out; otherwise nothing.
std::vector<Count> counts_of_lesson(std::optional<PhoneFact> learned);

}  // namespace jobrun::outbox
