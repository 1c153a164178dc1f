using System.Reflection;

namespace HarmonyLib;

/// <summary>A class with patches, and what its attributes say together about the method they are for.</summary>
sealed record PatchClass(Type Class, HarmonyMethod Target)
{
    public static PatchClass Of(Type type)
    {
        var target = new HarmonyMethod();
        foreach (var attribute in type.GetCustomAttributes<HarmonyPatch>())
            target.Complete(attribute.info);
        return new PatchClass(type, target);
    }
}
