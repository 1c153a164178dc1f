using System.Reflection;
using HarmonyLib.Weaving;

namespace HarmonyLib.Transpiling;

/// <summary>The body of a method that is a copy of another: it calls the copy with its arguments.</summary>
static class CopyCall
{
    public static TranspiledBody Of(MethodTypes types, MethodBase stub, nint copy)
    {
        var il = new IlWriter();
        var signature = new List<byte> { 0x00 };
        var count = types.Parameters.Length + (types.HasThis ? 1 : 0);
        SignatureReader.Append(signature, count);
        signature.AddRange(types.Result.Bytes);
        if (types.HasThis)
            signature.AddRange(stub.DeclaringType!.IsValueType ? throw new HarmonyException("it is a method of a struct; make it static") : [Element.Object]);
        foreach (var parameter in types.Parameters)
            signature.AddRange(parameter.Bytes);
        for (var i = 0; i < count; i++)
            il.LoadArgument(i);
        il.CallIndirect(copy, [.. signature]);
        il.Op(0x2A); // ret
        return new TranspiledBody(il.ToArray(), count + 2, InitLocals: false, 0, [], [], il.Tokens, []);
    }
}
