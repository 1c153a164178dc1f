using HarmonyLib;

namespace Agent.Instrumentations.Data;

/// <summary>Notices that a memory cache has not had what it was asked for: only then is an entry made, before the factory is called.</summary>
[HarmonyPatch("Microsoft.Extensions.Caching.Memory.MemoryCache, Microsoft.Extensions.Caching.Memory", "CreateEntry")]
static class MemoryCacheEntryPatch
{
    static void Prefix() => CacheMissSpan.Begin();
}
