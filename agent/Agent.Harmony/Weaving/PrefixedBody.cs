using System.Buffers.Binary;
using System.Reflection;
using HarmonyLib.Rejit;

namespace HarmonyLib.Weaving;

/// <summary>
/// The body of a method that has prefixes only, which neither skip it nor share anything with other patches: their calls, each guarded, and then the
/// original as it is. It is made of tokens that the module has, so that the runtime need not copy the module's metadata (0.9 MB for Kestrel):
/// the local variables are the original's, a filter needs no type, and a call through an address takes as its signature that of any method of the module
/// whose arguments travel alike.
/// </summary>
static class PrefixedBody
{
    const byte Pop = 0x26, CallIndirect = 0x29, Return = 0x2A, LoadInt1 = 0x17, Leave = 0xDD;

    /// <summary>How many methods of the module are looked at for a signature.</summary>
    const int MostMethods = 500;

    /// <returns>Null if there is more to weave, or the module has no such signature.</returns>
    public static WovenBody? Weave(Frame frame, OriginalBody original, IReadOnlyList<Patch> patches)
    {
        if (RuntimeAsync.Is(frame.Original) || frame.Original.DeclaringType!.IsValueType)
            return null;
        foreach (var patch in patches)
        {
            if (!IsPlain(patch))
                return null;
        }
        var (body, il) = (frame.Body, frame.Body.Il);
        foreach (var prefix in patches.Count > 1 ? PatchOrder.Sort([.. patches]) : patches)
        {
            if (!WriteCall(frame, prefix))
                return null;
        }
        var end = il.NewLabel();
        var moved = OriginalCode.CopyTo(il, original.Code, resultLocal: -1, end); // a result stays on the stack
        foreach (var clause in original.Clauses)
            body.AddMoved(clause, moved);
        il.Mark(end);
        il.Op(Return);
        return body.Build(original, original.LocalsToken);
    }

    static bool IsPlain(Patch patch)
    {
        if (patch.Kind != PatchKind.Prefix || patch.Called.ReturnType != typeof(void) || patch.Instantiation is not null)
            return false;
        foreach (var injection in patch.Injections)
        {
            if (injection.Name is { } name && name.StartsWith("__", StringComparison.Ordinal) && name != "__instance" && !name.StartsWith("___", StringComparison.Ordinal))
                return false;
        }
        return true;
    }

    /// <summary>`try { call; failures = 0 } filter { true } { Guard.Failed(e, number) }`.</summary>
    static bool WriteCall(Frame frame, Patch prefix)
    {
        var il = frame.Body.Il;
        var start = il.Position;
        var call = new PatchCall(frame, prefix);
        call.WriteCall();
        if (prefix.IsGuarded)
        {
            call.WriteReset();
            var done = il.NewLabel();
            il.Branch(Leave, done);
            var filter = il.Position;
            il.Op(Pop);
            il.Op(LoadInt1);
            il.Bytes([0xFE, 0x11]); // endfilter
            var handler = il.Position;
            il.LoadInt(prefix.Number);
            il.CallIndirect(Guard.NumberedFailedAddress, [0x00, 2, Element.Void, Element.Object, Element.Int4]);
            il.Branch(Leave, done);
            frame.Body.AddFilter(start, filter, handler);
            il.Mark(done);
        }
        foreach (var use in il.Tokens)
        {
            if (use.IsType || TokenFor(use.Signature, frame.Original) is not { } token)
                return false;
            il.Set(use.At, token);
        }
        il.Tokens.Clear();
        return true;
    }

    /// <summary>A method at or before the original in its module (what lies behind may not be there) that returns nothing and takes what the signature does.</summary>
    static int? TokenFor(byte[] signature, MethodBase original)
    {
        if (Shape.Of(signature) is not { } wanted)
            return null;
        for (var token = original.MetadataToken; (token & 0xFFFFFF) > 0 && token > original.MetadataToken - MostMethods; token--)
        {
            if (Shape.Of(original.Module.ResolveSignature(token)) is { } found && found.Fits(wanted))
                return token;
        }
        return null;
    }

    /// <summary>How the arguments of a method travel that returns nothing: up to four letters of references (R), addresses (A) and integers (I); this is T.</summary>
    readonly record struct Shape(uint Letters)
    {
        /// <summary>Null for what is returned or taken otherwise, and for classes that would have to be loaded to compile the call.</summary>
        public static Shape? Of(ReadOnlySpan<byte> signature)
        {
            if (signature is not [0x00 or 0x20, <= 4 and var count, Element.Void, ..])
                return null;
            var letters = signature[0] == 0x20 ? (uint)'T' : 0;
            var at = 3;
            for (var i = 0; i < count; i++)
            {
                var isAddress = signature[at] == Element.ByRef;
                if (isAddress)
                    at++;
                char? letter = signature[at++] switch
                {
                    >= Element.Boolean and <= 0x09 => isAddress ? 'A' : 'I', // up to uint
                    Element.Object or Element.String => isAddress ? 'A' : 'R',
                    _ => null,
                };
                if (letter is null || letters >> 24 != 0)
                    return null;
                letters = letters << 8 | letter.Value;
            }
            return new Shape(letters);
        }

        /// <summary>`this` is a reference, or, in a struct, an address.</summary>
        public bool Fits(Shape wanted)
        {
            var (own, other) = (Letters, wanted.Letters);
            for (; own != 0 && other != 0; own >>= 8, other >>= 8)
            {
                var (letter, wish) = ((char)(own & 0xFF), (char)(other & 0xFF));
                if (letter != wish && !(letter == 'T' && wish is 'R' or 'A'))
                    return false;
            }
            return own == other;
        }
    }
}
