using System.Reflection;

namespace HarmonyLib;

/// <summary>Methods as messages name them: «Namespace.Type.Method(Int32, String)».</summary>
static class MethodName
{
    public static string Of(MethodBase method) =>
        $"{method.DeclaringType?.FullName}.{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";

    /// <summary>A row of the table of patches: the class, what it adds, the target with its shape.</summary>
    public static string Row(string patchClass, IEnumerable<string> kinds, MethodBase target) =>
        $"{patchClass} ({string.Join(", ", kinds)}): {Of(target)}: {(target is MethodInfo { ReturnType: var type } ? type.Name : "constructor")}";
}
