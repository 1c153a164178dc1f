using System.Reflection;

namespace HarmonyLib.Weaving;

/// <summary>What a parameter of a patch asks for: its own name, or what an annotation says instead (harmony.pardeike.net, «Injections»).</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Name">The name that counts; null where <paramref name="Index"/> does.</param>
/// <param name="Index">The argument's place in the target; -1 where the name counts.</param>
sealed record Injection(ParameterInfo Parameter, string? Name, int Index)
{
    public static Injection[] Of(MethodInfo patch) => Array.ConvertAll(patch.GetParameters(), parameter => Of(patch, parameter));

    static Injection Of(MethodInfo patch, ParameterInfo parameter)
    {
        if (Annotations(parameter) is [var own, ..])
            return own.OriginalName is { } name ? new(parameter, name, -1) : new(parameter, null, own.Index);
        // On a method or class, the first name is the patch's and the second the target's.
        foreach (var annotation in (HarmonyArgument[])[.. Annotations(patch), .. patch.DeclaringType is { } type ? Annotations(type) : []])
        {
            if (annotation.OriginalName is null ? annotation.NewName == parameter.Name : annotation.OriginalName == parameter.Name && annotation.NewName is not null)
                return annotation.OriginalName is null ? new(parameter, null, annotation.Index) : new(parameter, annotation.NewName, -1);
        }
        return new(parameter, parameter.Name, -1);
    }

    static HarmonyArgument[] Annotations(ICustomAttributeProvider of) =>
        of.IsDefined(typeof(HarmonyArgument), inherit: false) ? (HarmonyArgument[])of.GetCustomAttributes(typeof(HarmonyArgument), inherit: false) : [];
}
