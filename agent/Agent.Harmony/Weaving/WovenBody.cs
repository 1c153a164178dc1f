using System.Buffers.Binary;

namespace HarmonyLib.Weaving;

/// <summary>A woven method body in its parts; <see cref="ToArray"/> joins them when the runtime has given out the tokens.</summary>
sealed record WovenBody(byte[] Header, byte[] Code, List<TokenUse> CodeTokens, byte[] Locals, byte[] Clauses, List<TokenUse> CatchTokens)
{
    /// <summary>Every signature that needs a token: local variables, calls, types.</summary>
    public List<TokenUse> Tokens { get; } = [new(0, Locals, IsType: false), .. CodeTokens, .. CatchTokens];

    /// <param name="token">The token for a signature.</param>
    public byte[] ToArray(Func<TokenUse, int> token)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Header.AsSpan(4), Code.Length);
        BinaryPrimitives.WriteInt32LittleEndian(Header.AsSpan(8), token(Tokens[0]));
        foreach (var use in CodeTokens)
            BinaryPrimitives.WriteInt32LittleEndian(Code.AsSpan(use.At), token(use));
        foreach (var use in CatchTokens) // At is the index of the clause; its token is the last of six fields
            BinaryPrimitives.WriteInt32LittleEndian(Clauses.AsSpan(4 + 24 * use.At + 20), token(use));
        var padding = Clauses.Length > 0 ? -Code.Length & 3 : 0;
        return [.. Header, .. Code, .. new byte[padding], .. Clauses];
    }
}
