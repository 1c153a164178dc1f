using System.Reflection;
using System.Reflection.Emit;
using HarmonyLib.Rejit;
using HarmonyLib.Transpiling;

namespace HarmonyLib;

/// <summary>Makes a method of one's own a copy of another (harmony.pardeike.net, «Reverse patch»).</summary>
/// <param name="instance">Whose it is.</param>
/// <param name="original">What is copied.</param>
/// <param name="standin">The method that becomes the copy. Its parameters are those of the copy: for a method of an object, the object is the first.</param>
public class ReversePatcher(Harmony instance, MethodBase original, HarmonyMethod standin)
{
    /// <summary>Makes the copy. It stays as it is, whatever happens to the original.</summary>
    /// <param name="type">Of the original itself, or with the transpilers that it has now.</param>
    /// <returns>The method that is the copy.</returns>
    /// <exception cref="HarmonyException">The code cannot be copied.</exception>
    public MethodInfo Patch(HarmonyReversePatchType type = HarmonyReversePatchType.Original) => Patch(original, standin, standin?.reversePatchType ?? type, null);

    /// <summary>The id of the owner.</summary>
    internal string Owner => instance.Id;

    internal static MethodInfo Patch(MethodBase? original, HarmonyMethod? standin, HarmonyReversePatchType type, MethodInfo? transpiler)
    {
        if (standin?.method is not { } stub)
            throw new HarmonyException("a reverse patch has no method");
        if (original is null)
            throw new HarmonyException($"Undefined target method for reverse patch method {stub.FullDescription()}");
        if (original.ContainsGenericParameters)
            throw new HarmonyException($"{MethodName.Of(original)} cannot be copied: its types are not given");
        Type[] parameters = [.. stub.IsStatic ? [] : (Type[])[stub.DeclaringType!], .. stub.GetParameters().Types()];
        var copy = new DynamicMethod($"{original.Name}_Copy", stub.ReturnType, parameters, typeof(ReversePatcher).Module, skipVisibility: true);
        var il = copy.GetILGenerator();
        try
        {
            var instructions = InstructionReader.Read(original, il);
            if (type == HarmonyReversePatchType.Snapshot)
                instructions = Transpiler.Apply(original, [.. PatchTable.PatchesOf(HarmonyLib.Patch.Definition(original)).Where(static patch => patch.Kind == PatchKind.Transpiler)], instructions, il);
            if ((transpiler ?? Own(stub)) is { } own)
                instructions = Transpiler.Apply(own, original, instructions, il);
            InstructionEmitter.Emit(il, instructions);
            PatchTable.SetCopy(stub, Indirection.AddressOf(copy));
        }
        catch (Exception e) when (e is HarmonyException or InvalidProgramException)
        {
            throw new HarmonyException($"{MethodName.Of(original)} cannot be copied into {stub.DeclaringType?.Name}.{stub.Name}: {e.Message}", e);
        }
        return stub;
    }

    /// <summary>
    /// A transpiler inside of the stub: a local function that takes instructions and returns them. The compiler puts it beside the stub, and what the stub's body did
    /// with it is not run.
    /// </summary>
    static MethodInfo? Own(MethodInfo stub) => stub.DeclaringType!.GetMethods(AccessTools.allDeclared).FirstOrDefault(candidate =>
        candidate.Name.StartsWith($"<{stub.Name}>g__", StringComparison.Ordinal) && candidate.IsStatic && typeof(IEnumerable<CodeInstruction>).IsAssignableFrom(candidate.ReturnType));
}
