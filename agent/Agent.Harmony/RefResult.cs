namespace HarmonyLib;

/// <summary>Where a method that returns a reference shall refer to instead: the type of `ref __resultRef` (harmony.pardeike.net, «Injections»).</summary>
/// <typeparam name="T">The type that is referred to.</typeparam>
public delegate ref T RefResult<T>();
