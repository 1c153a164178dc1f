using System.Reflection;

namespace HarmonyLib;

/// <summary>Methods as messages name them: «Namespace.Type.Method(Int32, String)».</summary>
static class MethodName
{
    public static string Of(MethodBase method) =>
        $"{method.DeclaringType?.FullName}.{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})";
}
