// Where the job is: addresses, postcodes, streets, towns.
#pragma once

#include <vector>

#include "intake_vocabulary.hpp"

namespace jobrun::conversation {

/// All places that the text names, joined where nothing stands between them; the surest first.
std::vector<Span> find_places(const Reading& reading);

}  // namespace jobrun::conversation
