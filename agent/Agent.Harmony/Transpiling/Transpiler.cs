using System.Reflection;
using System.Reflection.Emit;
using HarmonyLib.Weaving;

namespace HarmonyLib.Transpiling;

/// <summary>Runs transpilers.</summary>
static class Transpiler
{
    /// <summary>The body that transpilers make of a method's own.</summary>
    /// <exception cref="HarmonyException">One fails, or what it returns cannot be written.</exception>
    public static TranspiledBody Weave(MethodBase method, OriginalBody body, List<Patch> transpilers)
    {
        var generator = new TranspilerGenerator();
        var read = InstructionReader.Read(method, body, generator);
        return InstructionWriter.Write(method, body, read, Apply(method, transpilers, [.. read], generator), generator);
    }

    /// <summary>Runs them one after the other.</summary>
    public static List<CodeInstruction> Apply(MethodBase method, List<Patch> transpilers, List<CodeInstruction> instructions, ILGenerator generator)
    {
        foreach (var transpiler in PatchOrder.Sort(transpilers))
            instructions = Apply(transpiler.Called, method, instructions, generator);
        return instructions;
    }

    /// <exception cref="HarmonyException">It fails.</exception>
    public static List<CodeInstruction> Apply(MethodInfo transpiler, MethodBase method, List<CodeInstruction> instructions, ILGenerator generator)
    {
        var name = $"{transpiler.DeclaringType?.Name}.{transpiler.Name}";
        try
        {
            var returned = transpiler.Invoke(null, BindingFlags.DoNotWrapExceptions, null, Array.ConvertAll(transpiler.GetParameters(), parameter => Argument(parameter.ParameterType, method, instructions, generator)), null);
            return [.. returned as IEnumerable<CodeInstruction> ?? throw new HarmonyException("it returned no instructions")];
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new HarmonyException($"the transpiler {name} failed: {(e is HarmonyException ? "" : $"{e.GetType().Name}: ")}{e.Message}", e);
        }
    }

    static object? Argument(Type type, MethodBase method, List<CodeInstruction> instructions, ILGenerator generator) =>
        type.IsAssignableFrom(typeof(ILGenerator)) && type != typeof(object) ? generator : typeof(MethodBase).IsAssignableFrom(type) && type.IsInstanceOfType(method) ? method : type.IsInstanceOfType(instructions) ? instructions : null;

    /// <summary>Why a method cannot be a transpiler; null if it can.</summary>
    public static string? Refusal(MethodInfo method)
    {
        if (!typeof(IEnumerable<CodeInstruction>).IsAssignableFrom(method.ReturnType))
            return $"must not return {method.ReturnType.FullDescription()}: a transpiler returns IEnumerable<CodeInstruction>";
        var wrong = Array.Find(method.GetParameters(), static parameter => !(parameter.ParameterType.IsAssignableFrom(typeof(List<CodeInstruction>)) || parameter.ParameterType == typeof(ILGenerator) || typeof(MethodBase).IsAssignableFrom(parameter.ParameterType)));
        return wrong is null ? null : $"wants ({wrong.ParameterType.FullDescription()} {wrong.Name}); a transpiler can have IEnumerable<CodeInstruction>, ILGenerator and MethodBase";
    }
}
