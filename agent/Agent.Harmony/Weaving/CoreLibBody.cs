using System.Buffers.Binary;
using System.Reflection;

namespace HarmonyLib.Weaving;

/// <summary>What a method of CoreLib is to do more than before.</summary>
enum CoreLibCall
{
    /// <summary>Calls a `bool(object)` with the first argument before anything else, and returns at once if that is false. Only of void methods.</summary>
    Condition,

    /// <summary>Calls a `void(object)` with an array whose only element is the result, and may be replaced.</summary>
    Result,
}

/// <summary>
/// Bodies for methods of CoreLib that use nothing but tokens which CoreLib has already. For the first new one the runtime would copy CoreLib's metadata, 4 MB.
/// </summary>
static class CoreLibBody
{
    const byte LoadInt0 = 0x16, LoadInt1 = 0x17, Duplicate = 0x25, CallIndirect = 0x29, Return = 0x2A, BrTrue = 0x3A, NewArray = 0x8D, LoadElement = 0x9A, StoreElement = 0xA2;

    const int MoreOnStack = 3;

    /// <param name="original">The method's body.</param>
    /// <param name="call">What is added.</param>
    /// <param name="address">Of the method that is called.</param>
    /// <exception cref="HarmonyException">The body, or CoreLib, has another shape.</exception>
    public static WovenBody Weave(OriginalBody original, CoreLibCall call, nint address)
    {
        if (original.Clauses.Count > 0)
            throw new HarmonyException("its body has exception clauses");
        var il = new IlWriter();
        var end = il.NewLabel();
        if (call == CoreLibCall.Condition)
        {
            var goOn = il.NewLabel();
            il.LoadArgument(0);
            Call(il, address, Element.Boolean);
            il.Branch(BrTrue, goOn);
            il.Op(Return);
            il.Mark(goOn);
            OriginalCode.CopyTo(il, original.Code, resultLocal: -1, end);
            il.Mark(end);
        }
        else
        {
            il.Op(LoadInt1);
            il.Op(NewArray);
            il.Int(typeof(object).MetadataToken);
            il.Op(Duplicate);
            il.Op(LoadInt0);
            OriginalCode.CopyTo(il, original.Code, resultLocal: -1, end); // the result stays on the stack
            il.Mark(end);
            il.Op(StoreElement);
            il.Op(Duplicate);
            Call(il, address, Element.Void);
            il.Op(LoadInt0);
            il.Op(LoadElement);
        }
        il.Op(Return);
        return Join(original, il.ToArray());
    }

    static void Call(IlWriter il, nint address, byte result)
    {
        il.LoadAddress(address);
        il.Op(CallIndirect);
        il.Int(TokenOf(result));
    }

    static WovenBody Join(OriginalBody original, byte[] code)
    {
        var body = new byte[12 + code.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(body, (ushort)(0x3003 | (original.InitLocals ? 0x10 : 0)));
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(2), (ushort)(original.MaxStack + MoreOnStack));
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), code.Length);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(8), original.LocalsToken);
        code.CopyTo(body, 12);
        return new WovenBody(body, body.Length);
    }

    /// <summary>The token of the signature `result(object)`, which CoreLib calls through pointers itself.</summary>
    static int TokenOf(byte result)
    {
        try
        {
            for (var token = 0x1100_0001; ; token++)
            {
                if (typeof(object).Module.ResolveSignature(token) is [0, 1, var type, Element.Object] && type == result)
                    return token;
            }
        }
        catch (ArgumentException)
        {
            throw new HarmonyException($"CoreLib has no signature 00 01 {result:X2} {Element.Object:X2}"); // that was the last one
        }
    }
}
