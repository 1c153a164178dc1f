using System.Reflection;

namespace HarmonyLib;

/// <summary>Descriptions copied, completed, and read from annotations (harmony.pardeike.net, «HarmonyMethod»).</summary>
public static class HarmonyMethodExtensions
{
    /// <summary>Says in another description what this one says.</summary>
    public static void CopyTo(this HarmonyMethod from, HarmonyMethod to)
    {
        ArgumentNullException.ThrowIfNull(from);
        to?.Add(from);
    }

    /// <summary>Another description that says the same.</summary>
    public static HarmonyMethod Clone(this HarmonyMethod original)
    {
        ArgumentNullException.ThrowIfNull(original);
        var clone = new HarmonyMethod().Add(original);
        clone.method = original.method;
        return clone;
    }

    /// <summary>What two descriptions say, of which the second wins.</summary>
    public static HarmonyMethod Merge(this HarmonyMethod master, HarmonyMethod? detail)
    {
        ArgumentNullException.ThrowIfNull(master);
        return detail is null ? master : master.Clone().Add(detail);
    }

    /// <summary>What the annotations of a class and its base classes say.</summary>
    public static List<HarmonyMethod> GetFromType(Type type) => From(type);

    /// <summary>The same as one.</summary>
    public static HarmonyMethod GetMergedFromType(Type type) => HarmonyMethod.Merge(GetFromType(type));

    /// <summary>What the annotations of a method say.</summary>
    public static List<HarmonyMethod> GetFromMethod(MethodBase method) => From(method);

    /// <summary>The same as one.</summary>
    public static HarmonyMethod GetMergedFromMethod(MethodBase method) => HarmonyMethod.Merge(GetFromMethod(method));

    static List<HarmonyMethod> From(MemberInfo member) => [.. member.GetCustomAttributes<HarmonyAttribute>(inherit: true).Select(static attribute => attribute.info)];
}
