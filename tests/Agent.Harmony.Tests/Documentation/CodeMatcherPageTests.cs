using System.Reflection.Emit;

namespace HarmonyLib.Tests.Documentation;

/// <summary>harmony.pardeike.net, «CodeMatcher» and the reference pages of CodeMatcher, CodeMatch and CodeInstruction.</summary>
[TestClass]
public sealed class CodeMatcherPageTests
{
    static readonly System.Reflection.MethodInfo WriteLine = typeof(Console).GetMethod(nameof(Console.WriteLine), [typeof(string)])!;

    static List<CodeInstruction> Code() =>
    [
        new(OpCodes.Ldarg_0), new(OpCodes.Ldstr, "a"), new(OpCodes.Call, WriteLine), new(OpCodes.Ldc_I4_S, (sbyte)5), new(OpCodes.Stloc_1), new(OpCodes.Ldstr, "b"), new(OpCodes.Call, WriteLine), new(OpCodes.Ret),
    ];

    static CodeMatch[] Write(string? text = null) => [new(OpCodes.Ldstr, text, "text"), CodeMatch.Calls(WriteLine)];

    static string Names(IEnumerable<CodeInstruction> code) => code.Join(static item => item.opcode.Name!, " ");

    [TestMethod]
    public void Matches_forward_and_back()
    {
        var matcher = new CodeMatcher(Code());
        Assert.AreEqual(-1, matcher.Pos);
        Assert.AreEqual(1, matcher.MatchStartForward(Write()).Pos);
        Assert.AreEqual("a", matcher.NamedMatch("text").operand);
        Assert.AreEqual(6, matcher.Advance().MatchEndForward(Write()).Pos);
        Assert.AreEqual(5, matcher.End().MatchStartBackwards(Write()).Pos);
        Assert.AreEqual(2, matcher.Advance(-1).MatchEndBackwards(Write()).Pos);
        Assert.IsTrue(matcher.Start().MatchStartForward(Write("c")).IsInvalid);
        Assert.AreEqual(8, matcher.Pos);
        Assert.IsTrue(matcher.Start().MatchStartForward(Write("b")).IsValid);
        Assert.IsTrue(Code().Matches(Write("b")) && !Code().Matches(Write("c")));
    }

    [TestMethod]
    public void Searches()
    {
        var matcher = new CodeMatcher(Code()).Start().SearchForward(static item => item.LoadsConstant(5));
        Assert.AreEqual((3, 5), (matcher.Pos, matcher.Remaining));
        Assert.AreEqual(2, matcher.SearchBackwards(static item => item.Calls(WriteLine)).Pos);
        Assert.IsTrue(matcher.SearchForward(static item => item.opcode == OpCodes.Add).IsInvalid);
    }

    [TestMethod]
    public void Changes_at_the_place()
    {
        var matcher = new CodeMatcher(Code()).MatchStartForward(Write()).SetOperandAndAdvance("x").SetInstructionAndAdvance(new CodeInstruction(OpCodes.Pop)).SetOpcodeAndAdvance(OpCodes.Ldc_I4).Set(OpCodes.Pop, null);
        Assert.AreEqual("ldarg.0 ldstr pop ldc.i4 pop ldstr call ret", Names(matcher.InstructionEnumeration()));
        Assert.AreEqual("x", matcher.InstructionAt(-3).operand);
        matcher.Start().RemoveInstructions(2).InsertAndAdvance(new CodeInstruction(OpCodes.Nop), new CodeInstruction(OpCodes.Dup)).Insert(new CodeInstruction(OpCodes.Break)).InsertAfterAndAdvance(new CodeInstruction(OpCodes.Nop));
        Assert.AreEqual("nop dup break nop pop ldc.i4 pop ldstr call ret", Names(matcher.Instructions()));
        Assert.AreEqual(3, matcher.Pos);
        Assert.AreEqual("break nop", Names(matcher.RemoveInstructionsWithOffsets(-3, -2).InstructionsInRange(0, 1)));
        Assert.AreEqual("nop dup break nop", Names(new CodeMatcher([new(OpCodes.Nop), new(OpCodes.Dup), new(OpCodes.Break), new(OpCodes.Nop)]).Start().Instructions(4)));
    }

    [TestMethod]
    public void Removes_up_to_a_match()
    {
        Assert.AreEqual("ldstr call ret", Names(new CodeMatcher(Code()).Start().RemoveUntilForward(Write("b")).Instructions()));
        Assert.AreEqual("ldarg.0 ldstr call ldstr call ret", Names(new CodeMatcher(Code()).Start().Advance(4).RemoveUntilBackward(Write("a")).Instructions()));
        Assert.AreEqual("ret", Names(new CodeMatcher(Code()).Start().RemoveSearchForward(static item => item.opcode == OpCodes.Ret).Instructions()));
        Assert.AreEqual("ldarg.0 ret", Names(new CodeMatcher(Code()).Start().Advance(6).RemoveSearchBackward(static item => item.opcode == OpCodes.Ldarg_0).Instructions()));
        Assert.HasCount(8, new CodeMatcher(Code()).Start().RemoveUntilForward(Write("c")).Instructions());
    }

    [TestMethod]
    public void Repeats()
    {
        var seen = new List<object?>();
        var matcher = new CodeMatcher(Code()).MatchStartForward(Write()).Repeat(at =>
        {
            seen.Add(at.Operand);
            at.SetOperandAndAdvance("x").Advance();
        });
        CollectionAssert.AreEqual(new object[] { "a", "b" }, seen);
        Assert.IsTrue(matcher.IsInvalid);
        string? missing = null;
        new CodeMatcher(Code()).MatchStartForward(Write("c")).Repeat(static _ => { }, text => missing = text);
        Assert.StartsWith("Cannot find", missing);
        Assert.ThrowsExactly<InvalidOperationException>(() => new CodeMatcher(Code()).Start().Repeat(static _ => { }));
        var prepared = new CodeMatcher(Code()).Start().PrepareMatchStartForward(Write());
        Assert.AreEqual(0, prepared.Pos);
    }

    [TestMethod]
    public void Says_what_is_missing()
    {
        Assert.StartsWith("no c - Current state is invalid: Cannot find", Assert.ThrowsExactly<InvalidOperationException>(() => new CodeMatcher(Code()).MatchStartForward(Write("c")).ThrowIfInvalid("no c")).Message);
        var matcher = new CodeMatcher(Code()).Start();
        Assert.AreEqual(0, matcher.ThrowIfNotMatchForward("no b", Write("b")).ThrowIfNotMatch("no ldarg", new CodeMatch(OpCodes.Ldarg_0)).ThrowIfFalse("no", static _ => true).Pos);
        Assert.AreEqual("no c", Assert.ThrowsExactly<InvalidOperationException>(() => matcher.ThrowIfNotMatchForward("no c", Write("c"))).Message);
        Assert.AreEqual("none back", Assert.ThrowsExactly<InvalidOperationException>(() => matcher.ThrowIfNotMatchBack("none back", Write("b"))).Message);
        Assert.AreEqual("no", Assert.ThrowsExactly<InvalidOperationException>(() => matcher.ThrowIfFalse("no", static _ => false)).Message);
        string? said = null;
        Assert.IsFalse(matcher.ReportFailure(WriteLine, text => said = text));
        Assert.IsTrue(matcher.MatchStartForward(Write("c")).ReportFailure(WriteLine, text => said = text));
        Assert.EndsWith("in static System.Void System.Console::WriteLine(System.String value)", said);
        Assert.ThrowsExactly<InvalidOperationException>(() => new CodeMatcher(Code()).RemoveInstruction());
        new CodeMatcher(Code()).OnError(static (_, _) => true).RemoveInstruction();
        Assert.ThrowsExactly<ArgumentException>(() => new CodeMatcher(Code()).Start().CreateLabel(out _));
    }

    [TestMethod]
    public void Labels_and_jumps()
    {
        var matcher = new CodeMatcher(Code(), PatchProcessor.CreateILGenerator()).Start().CreateLabelAt(7, out var end).Insert(new CodeInstruction(OpCodes.Br, end));
        Assert.IsTrue(matcher.Instruction.Branches(out var target) && target == end);
        Assert.HasCount(1, matcher.DistinctLabels(matcher.Instructions()));
        matcher.InsertBranchAndAdvance(OpCodes.Brtrue, 3).DefineLabel(out _).DeclareLocal(typeof(int), out var local);
        Assert.AreEqual(0, local.LocalIndex);
        Assert.AreEqual("brtrue br ldarg.0", Names(matcher.InstructionsInRange(0, 2)));
        Assert.AreEqual(1, matcher.Clone().Pos);
    }

    [TestMethod]
    public void Instructions_in_the_shortest_form()
    {
        Assert.AreEqual("ldarg.0 ldarg.3 ldarg.s ldarg ldarga.s starg.s ldloc.1 ldloc.s ldloca.s stloc.2 stloc", Names(
        [
            CodeInstruction.LoadArgument(0), CodeInstruction.LoadArgument(3), CodeInstruction.LoadArgument(4), CodeInstruction.LoadArgument(300), CodeInstruction.LoadArgument(1, useAddress: true), CodeInstruction.StoreArgument(1),
            CodeInstruction.LoadLocal(1), CodeInstruction.LoadLocal(5), CodeInstruction.LoadLocal(1, useAddress: true), CodeInstruction.StoreLocal(2), CodeInstruction.StoreLocal(300),
        ]));
        Assert.AreEqual((3, 5, 2, 1), (CodeInstruction.LoadArgument(3).ArgumentIndex(), CodeInstruction.LoadLocal(5).LocalIndex(), CodeInstruction.StoreLocal(2).LocalIndex(), CodeInstruction.LoadArgument(1, useAddress: true).ArgumentIndex()));
    }

    [TestMethod]
    public void Questions()
    {
        CodeInstruction load = new(OpCodes.Ldarg_1), five = new(OpCodes.Ldc_I4_5), call = new(OpCodes.Call, WriteLine), pi = new(OpCodes.Ldc_R8, 3.5);
        Assert.IsTrue(load.IsLdarg() && load.IsLdarg(1) && !load.IsLdarg(2) && !load.IsLdarga() && !load.IsStarg() && !load.IsLdloc());
        Assert.IsTrue(five.LoadsConstant() && five.LoadsConstant(5) && five.LoadsConstant(DayOfWeek.Friday) && !five.LoadsConstant(6) && pi.LoadsConstant(3.5));
        Assert.IsTrue(call.Calls(WriteLine) && call.Is(OpCodes.Call, WriteLine) && call.OperandIs(WriteLine) && !call.Is(OpCodes.Callvirt, WriteLine));
        Assert.IsTrue(new CodeInstruction(OpCodes.Ldc_I4_S, (sbyte)7).OperandIs(7) && new CodeInstruction(OpCodes.Nop).OperandIs((object?)null));
        Assert.IsTrue(new CodeInstruction(OpCodes.Stloc_3).IsStloc() && new CodeInstruction(OpCodes.Ldnull).LoadsConstant() && new CodeInstruction(OpCodes.Ldstr, "x").LoadsConstant("x"));
        Assert.AreEqual("call static System.Void System.Console::WriteLine(System.String value)", call.ToString());
        Assert.AreEqual("nop NULL", new CodeInstruction(OpCodes.Nop).ToString());
        Assert.AreEqual(nameof(Targets.Nothing), ((System.Reflection.MethodInfo)CodeInstruction.Call(() => Targets.Nothing()).operand!).Name);
        Assert.ThrowsExactly<ArgumentException>(() => CodeInstruction.Call(typeof(Targets), "Missing"));
        Assert.ThrowsExactly<ArgumentException>(() => CodeInstruction.LoadField(typeof(Targets), "missing"));
    }

    [TestMethod]
    public void Labels_and_blocks_are_moved()
    {
        var label = PatchProcessor.CreateILGenerator().DefineLabel();
        var (from, to) = (new CodeInstruction(OpCodes.Nop).WithLabels(label).WithBlocks(new ExceptionBlock(ExceptionBlockType.BeginExceptionBlock)), new CodeInstruction(OpCodes.Ret));
        from.MoveLabelsTo(to).MoveBlocksTo(to);
        Assert.IsTrue(from.labels.Count == 0 && to.labels.Contains(label) && to.HasBlock(ExceptionBlockType.BeginExceptionBlock));
        Assert.IsEmpty(to.Clone().labels);
        Assert.HasCount(1, new CodeInstruction(to).labels);
        Assert.HasCount(1, to.ExtractBlocks());
        Assert.AreEqual(OpCodes.Nop, to.Clone(OpCodes.Nop).opcode);
    }
}
