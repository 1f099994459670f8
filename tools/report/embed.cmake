# Writes OUTPUT, a C++ source with one string for each NAME=FILE of RESOURCES (declared in resources.h).
set(text "// Made by tools/report/embed.cmake; don't edit.\n#include \"tools/report/resources.h\"\n\n")
string(APPEND text "namespace soleus::resources {\n")
foreach(entry IN LISTS RESOURCES)
  string(REGEX MATCH "^([^=]+)=(.*)$" matched "${entry}")
  set(name ${CMAKE_MATCH_1})
  file(READ "${CMAKE_MATCH_2}" content)
  # A source map is a second file that the page could only get from a network; some are megabytes long.
  string(REGEX REPLACE "//# sourceMappingURL=[^\n]*" "" content "${content}")
  string(REGEX REPLACE "/\\*# sourceMappingURL=[^\n]*\\*/" "" content "${content}")
  string(APPEND text "const std::string_view ${name} = R\"soleus_raw(${content})soleus_raw\";\n")
endforeach()
string(APPEND text "}  // namespace soleus::resources\n")
file(WRITE "${OUTPUT}" "${text}")
