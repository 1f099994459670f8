/// Participants are known by a code: a name or a date of birth must not reach a session file.
#pragma once

#include <string>

#include "pipeline/core/result.h"

namespace soleus {

/// Whether `subject` can be the code of a participant: empty (nobody named), or up to 32 letters (A to Z),
/// digits, '-', '_' and '.', with at least one digit, at most one word of three letters or more, none
/// capitalised as a name is, and nothing like a date. Errors: kBadInput, with the reason and never the text
/// itself, which may be a name. A name in capitals with digits behind it passes: nobody can tell it from a
/// code; `where` says which option or field it came from.
Status checkSubjectCode(const std::string& subject, const std::string& where);

}  // namespace soleus
