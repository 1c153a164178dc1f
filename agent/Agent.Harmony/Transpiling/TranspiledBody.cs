using HarmonyLib.Weaving;

namespace HarmonyLib.Transpiling;

/// <summary>A body that transpilers, or a reverse patch, have made, in place of a method's own.</summary>
/// <param name="Code">The instructions, with the tokens of the original's module and places for others.</param>
/// <param name="MaxStack">How many values lie on the stack at most.</param>
/// <param name="InitLocals">Whether local variables are cleared.</param>
/// <param name="LocalCount">How many there are.</param>
/// <param name="Locals">Their types.</param>
/// <param name="Clauses">Its exception handlers, inner ones first.</param>
/// <param name="Tokens">What tokens the runtime shall give out for the code.</param>
/// <param name="CatchTypes">And for what clauses catch; At is the clause's place.</param>
sealed record TranspiledBody(byte[] Code, int MaxStack, bool InitLocals, int LocalCount, byte[] Locals, List<ExceptionClause> Clauses, List<TokenUse> Tokens, List<TokenUse> CatchTypes);
