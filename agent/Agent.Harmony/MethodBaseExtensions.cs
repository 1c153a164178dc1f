using System.Reflection;

namespace HarmonyLib;

/// <summary>What a method is (harmony.pardeike.net, «MethodBaseExtensions»).</summary>
public static class MethodBaseExtensions
{
    /// <summary>Whether a method has IL.</summary>
    public static bool HasMethodBody(this MethodBase member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return member.GetMethodBody()?.GetILAsByteArray() is { Length: > 0 };
    }
}
