#pragma once
// The whole public interface of json-c (https://github.com/json-c/json-c, MIT).
#include <json-c/json.h>
