using System.Reflection;

namespace HarmonyLib.Tests.Documentation;

/// <summary>Every parameter name that means something (harmony.pardeike.net, «Injections»), and what is refused.</summary>
public sealed partial class InjectionsPageTests : PatchingTest
{
    class Parent
    {
        string _secret = "parent";
        protected static int s_count = 3;

        public string Secret => _secret;

        public void Tell(string secret) => _secret = secret;
    }

    sealed class Account(string owner) : Parent
    {
        public const int Limit = 100;
        public static Account? Last;
        readonly string _owner = owner;
        DayOfWeek _day = DayOfWeek.Monday;
        (int Number, string Text) _pair = (1, "one");

        public long Balance;

        public static int Count => s_count;

        public string Owner => _owner;

        public DayOfWeek Day => _day;

        public string PairText => _pair.Text;

        public long Pay(long amount, string currency)
        {
            Last = this;
            Balance -= amount;
            _pair.Number++;
            return Balance;
        }

        public string Fee(int percent) => $"{_owner} {percent}";

        static string Currency(string code) => $"<{code}>";

        public static Account Open(string owner) => new(owner);

        public void Close(DayOfWeek day) => (_day, Last) = (day, null);

        public override string ToString() => _owner + Currency("x").Length;
    }

    static int Reference(int __result, string __instance) => __result + __instance.Length;

    static MethodInfo Target(string name) => Method(typeof(Account), name);

    static MethodInfo Pay => Target(nameof(Account.Pay));

    static void SeeInstance(Account __instance) => Seen.Add(__instance.Owner);
    static void SeeParent(Parent __instance) => Seen.Add(__instance.Secret);
    static void SeeObject(object __instance) => Seen.Add(__instance);

    [TestMethod]
    public void Instance_as_its_type_a_base_class_or_an_object()
    {
        Patch(Pay, SeeInstance, SeeParent, SeeObject);
        var account = new Account("Ada");
        account.Pay(1, "EUR");
        AssertSeen("Ada", "parent", account);
    }

    [TestMethod]
    public void Instance_of_a_static_method_is_null()
    {
        Patch(Target(nameof(Account.Open)), SeeObject);
        Assert.AreEqual("Ada", Account.Open("Ada").Owner);
        AssertSeen((object?)null);
    }

    static void SeeResult(long __result) => Seen.Add(__result);
    static void SeeResultObject(object __result) => Seen.Add(__result);
    static void SeeComparable(IComparable __result) => Seen.Add(__result);
    static void DoubleResult(ref long __result) => __result *= 2;

    [TestMethod]
    public void Result_as_value_object_interface_and_reference()
    {
        Patch(Pay, postfix: SeeResult);
        Patch(Pay, postfix: SeeResultObject);
        Patch(Pay, postfix: SeeComparable);
        Patch(Pay, postfix: DoubleResult);
        Assert.AreEqual(18L, new Account("Ada") { Balance = 10 }.Pay(1, "EUR"));
        AssertSeen(9L, 9L, 9L);
    }

    static void SeeResultBefore(long __result) => Seen.Add(__result);
    static void ReplaceObject(ref object __result) => __result = new Account("Bob");

    [TestMethod]
    public void Result_before_the_original_is_the_default()
    {
        Patch(Pay, prefix: SeeResultBefore);
        Assert.AreEqual(-1L, new Account("Ada").Pay(1, "EUR"));
        AssertSeen(0L);
    }

    [TestMethod]
    public void Result_of_a_class_by_reference_to_object()
    {
        Patch(Target(nameof(Account.Open)), postfix: ReplaceObject);
        Assert.AreEqual("Bob", Account.Open("Ada").Owner);
    }

    static void ByName(long amount, string currency) => Seen.Add($"{amount} {currency}");
    static void ByIndex(string __1, ref long __0) => (__0, _) = (__0 + 1, __1.Length);
    static void OnlyOne(object currency) => Seen.Add(currency);

    [TestMethod]
    public void Arguments_by_name_and_by_index_in_any_order()
    {
        Patch(Pay, ByIndex, ByName, OnlyOne);
        Assert.AreEqual(8L, new Account("Ada") { Balance = 10 }.Pay(1, "EUR"));
        AssertSeen("2 EUR", "EUR");
    }

    static void Renamed([HarmonyArgument("amount")] long money, [HarmonyArgument(1)] string unit) => Seen.Add($"{money} {unit}");

    [HarmonyArgument("money", "amount")]
    static void RenamedByMethod(ref long money) => money = 5;

    [TestMethod]
    public void Arguments_with_other_names_on_parameters_and_methods()
    {
        Patch(Pay, RenamedByMethod, Renamed);
        Assert.AreEqual(5L, new Account("Ada") { Balance = 10 }.Pay(1, "EUR"));
        AssertSeen("5 EUR");
    }

    [HarmonyArgument("money", "amount")]
    [HarmonyArgument(1, "unit")]
    static class RenamedByClass
    {
        public static void Prefix(long money, string unit) => Seen.Add($"{money} {unit}");
    }

    static void RenamedOverInjection([HarmonyArgument(0)] int first, [HarmonyArgument(1)] string second) => Seen.Add($"{first} {second}");

    [TestMethod]
    public void Arguments_with_other_names_on_a_class()
    {
        Patch(Pay, RenamedByClass.Prefix);
        new Account("Ada").Pay(1, "EUR");
        AssertSeen("1 EUR");
    }

    [TestMethod]
    public void Arguments_that_are_called_like_an_injection()
    {
        Patch(Method(typeof(InjectionsPageTests), nameof(Reference)), RenamedOverInjection);
        Assert.AreEqual(8, Reference(5, "abc"));
        AssertSeen("5 abc");
    }

    static void SeeArguments(object[] __args) => Seen.AddRange(__args);
    static void ChangeArguments(object?[] __args) => (__args[0], __args[1]) = (7L, null);
    static void SeeCurrency(string? currency, object __args) => Seen.Add($"{currency ?? "null"} {((object[])__args).Length}");

    [TestMethod]
    public void All_arguments_are_read_and_written_back()
    {
        Patch(Pay, SeeArguments);
        Patch(Pay, ChangeArguments, SeeCurrency);
        Assert.AreEqual(3L, new Account("Ada") { Balance = 10 }.Pay(1, "EUR"));
        AssertSeen(1L, "EUR", "null 2");
    }

    static int AllKinds(int number, ref Money money, in long fixedNumber, out string text, ref DayOfWeek day, int? maybe)
    {
        text = $"{number} {money.Amount} {fixedNumber} {day} {maybe}";
        money.Amount++;
        return number;
    }

    static void ChangeAllKinds(object?[] __args)
    {
        Seen.AddRange(__args);
        (__args[0], __args[1], __args[2], __args[3], __args[4], __args[5]) = (10, new Money(20, 1), 30L, "ignored", DayOfWeek.Friday, 50);
    }

    static void ChangeBack(object?[] __args) => (__args[1], __args[3], __args[4]) = (new Money(99, 1), __args[3] + "!", DayOfWeek.Sunday);

    [TestMethod]
    public void All_arguments_of_every_kind()
    {
        Patch(Method(typeof(InjectionsPageTests), nameof(AllKinds)), ChangeAllKinds, ChangeBack);
        var (money, day) = (new Money(2, 1), DayOfWeek.Monday);
        Assert.AreEqual(10, AllKinds(1, ref money, 3L, out var text, ref day, null));
        Assert.AreEqual("10 20 3 Friday 50!", text);
        Assert.AreEqual((99L, DayOfWeek.Sunday), (money.Amount, day));
        AssertSeen(1, new Money(2, 1), 3L, null, DayOfWeek.Monday, null);
    }

    static void NoArguments(object[] __args) => Seen.Add(__args.Length);

    [TestMethod]
    public void All_arguments_of_a_method_without_any()
    {
        Patch(Method(typeof(Targets), nameof(Targets.Nothing)), NoArguments);
        Targets.Nothing();
        AssertSeen(0);
    }

    static void NullForValue(object?[] __args) => __args[0] = null;

    [TestMethod]
    public void A_wrong_value_among_all_arguments_is_a_failure_of_the_patch()
    {
        Patch(Plain, Pay, NullForValue);
        Assert.ThrowsExactly<NullReferenceException>(() => new Account("Ada").Pay(1, "EUR"));
    }

    static void SeeOriginal(MethodBase __originalMethod) => Seen.Add(__originalMethod);
    static void SeeOriginalObject(object __originalMethod) => Seen.Add(__originalMethod);

    [TestMethod]
    public void Original_method_for_a_patch_of_several()
    {
        Patch(Pay, SeeOriginal, SeeOriginalObject);
        Patch(AccessTools.Constructor(typeof(Account), [typeof(string)])!, SeeOriginal);
        new Account("Ada").Pay(1, "EUR");
        AssertSeen(typeof(Account).GetConstructors().Single(), Pay, Pay);
    }

    static bool SkipIfBig(long amount) => amount < 10;
    static void SeeRun(bool __runOriginal) => Seen.Add(__runOriginal);

    [TestMethod]
    public void Run_original_says_whether_it_ran()
    {
        Patch(Pay, SkipIfBig, SeeRun, SeeRun);
        Patch(Pay, SeeRun);
        new Account("Ada").Pay(1, "EUR");
        AssertSeen(true, true, true);
        Seen.Clear();
        new Account("Ada").Pay(10, "EUR");
        AssertSeen(false, false, false);
    }

    static void SeeFields(string ____owner, int ___s_count, Account ___Last, long ___Balance) => Seen.Add($"{____owner} {___s_count} {___Last?.Owner} {___Balance}");
    static void ChangeFields(ref string ____owner, ref int ___s_count, ref (int Number, string Text) ____pair, ref DayOfWeek ____day)
    {
        (____owner, ____pair.Text, ____day) = ("Bob", "changed", DayOfWeek.Sunday);
        ___s_count += 10;
    }

    [TestMethod]
    public void Fields_private_static_and_inherited()
    {
        Patch(Pay, ChangeFields, SeeFields);
        var account = new Account("Ada") { Balance = 10 };
        var count = Account.Count;
        account.Pay(1, "EUR");
        Assert.AreEqual(("Bob", count + 10, "changed", DayOfWeek.Sunday), (account.Owner, Account.Count, account.PairText, account.Day));
        AssertSeen($"Bob {count + 10} Bob 9");
    }

    static void SeeBoxedField(object ____day, object ____pair) => Seen.Add($"{____day} {____pair}");

    [TestMethod]
    public void Fields_boxed()
    {
        Patch(Pay, postfix: SeeBoxedField);
        new Account("Ada").Pay(1, "EUR");
        AssertSeen("Monday (2, one)");
    }

    struct Meter
    {
        int _value;

        public int Step() => ++_value;
    }

    static void ResetMeter(ref int ____value) => ____value += 100;

    [TestMethod]
    public void Fields_of_a_struct()
    {
        Patch(Method(typeof(Meter), nameof(Meter.Step)), ResetMeter);
        var meter = new Meter();
        Assert.AreEqual((101, 202), (meter.Step(), meter.Step()));
    }

    static void SeeSecret(string ____secret) => Seen.Add(____secret);

    [TestMethod]
    public void A_field_that_is_private_in_a_base_class()
    {
        Patch(Pay, SeeSecret, ChangeSecret);
        Patch(Method(typeof(Parent), nameof(Parent.Tell)), SeeSecret);
        var account = new Account("Ada");
        account.Pay(1, "EUR");
        account.Tell("told");
        AssertSeen("parent", "changed");
    }

    static void ChangeSecret(ref string ____secret) => ____secret = "changed";

    sealed class Mishap : Exception
    {
        public int Count(int by) => by + (Data.Count == 0 ? 1 : 0);
    }

    static void SeeMessage(ref string? ____message, int ____HResult) => Seen.Add($"{____message ??= "a message"} {____HResult != 0}");

    [TestMethod]
    public void A_field_of_a_base_class_in_another_assembly()
    {
        Patch(Method(typeof(Mishap), nameof(Mishap.Count)), SeeMessage);
        var mishap = new Mishap();
        Assert.AreEqual(2, mishap.Count(1));
        Assert.AreEqual("a message", mishap.Message);
        AssertSeen("a message True");
    }

    static void MissingField(int ___missing) => Seen.Add(___missing);
    static void ConstantField(int ___Limit) => Seen.Add(___Limit);
    static void WrongField(int ____owner) => Seen.Add(____owner);

    [TestMethod]
    public void Fields_that_cannot_be_given()
    {
        Assert.EndsWith(": No such field defined in class HarmonyLib.Tests.Documentation.InjectionsPageTests+Account: missing", Refusal(Pay, MissingField));
        Assert.EndsWith("Limit is a constant", Refusal(Pay, ConstantField));
        Assert.EndsWith("it is a System.String", Refusal(Pay, WrongField));
        Assert.EndsWith("the method is static and _owner is not", Refusal(Target(nameof(Account.Open)), WrongField));
    }

    [HarmonyDelegate(typeof(Account), "Fee")]
    delegate string FeeDelegate(int percent);

    [HarmonyDelegate("Currency")]
    delegate string CurrencyDelegate(string code);

    [HarmonyDelegate("Fee")]
    delegate string WrongFee(string percent);

    [HarmonyDelegate("Missing")]
    delegate void MissingDelegate();

    static void CallDelegates(FeeDelegate fee, CurrencyDelegate currency) => Seen.Add(fee(3) + currency("EUR"));
    static void CallWrong(WrongFee fee) => fee("");
    static void CallMissing(MissingDelegate missing) => missing();
    static void CallFee(FeeDelegate fee) => fee(1);

    [TestMethod]
    public void Delegates_of_other_methods()
    {
        Patch(Pay, CallDelegates);
        new Account("Ada").Pay(1, "EUR");
        AssertSeen("Ada 3<EUR>");
    }

    [TestMethod]
    public void Delegates_that_cannot_be_given()
    {
        Assert.EndsWith("has another signature", Refusal(Pay, CallWrong));
        Assert.EndsWith("has no method Missing", Refusal(Pay, CallMissing));
        Assert.Contains("there is no instance to call", Refusal(Target(nameof(Account.Open)), CallFee));
    }

    static void ResultOfVoid(object __result) => Seen.Add(__result);
    static void ArgsByReference(ref object[] __args) => __args = [];
    static void ArgsOfStrings(string[] __args) => Seen.AddRange(__args);
    static void OriginalByReference(ref MethodBase __originalMethod) => __originalMethod = null!;
    static void RunByReference(ref bool __runOriginal) => __runOriginal = false;
    static void WrongInstance(string __instance) => Seen.Add(__instance);
    static void ReferenceToStaticInstance(ref object __instance) => Seen.Add(__instance);
    static void WiderReference(ref int amount) => amount = 1;
    static void ExceptionByReference(ref Exception __exception) => __exception = null!;
    static void TooFar(int __7) => Seen.Add(__7);
    static void Unknown(int unknown) => Seen.Add(unknown);
    static int WrongPrefix() => 1;
    static string WrongPostfix(long __result) => $"{__result}";
    static int WrongFinalizer() => 1;

    [TestMethod]
    public void Parameters_and_results_that_cannot_be()
    {
        Assert.EndsWith(": Cannot get result from void method System.Void HarmonyLib.Tests.Documentation.InjectionsPageTests+Account::Close(System.DayOfWeek day)", Refusal(Target(nameof(Account.Close)), postfix: ResultOfVoid));
        Assert.EndsWith("it must be an object[] by value", Refusal(Pay, ArgsByReference));
        Assert.EndsWith("it must be an object[] by value", Refusal(Pay, ArgsOfStrings));
        Assert.EndsWith("it must be a MethodBase or MethodInfo by value", Refusal(Pay, OriginalByReference));
        Assert.EndsWith("it must be a bool by value", Refusal(Pay, RunByReference));
        Assert.EndsWith("but it is a HarmonyLib.Tests.Documentation.InjectionsPageTests+Account", Refusal(Pay, WrongInstance));
        Assert.EndsWith("but the method is static", Refusal(Target(nameof(Account.Open)), ReferenceToStaticInstance));
        Assert.EndsWith("it must be an Exception by value", Refusal(Pay, finalizer: ExceptionByReference));
        Assert.EndsWith("but it is a System.Int64", Refusal(Pay, WiderReference));
        Assert.EndsWith(": No parameter found at index 7 in method System.Int64 HarmonyLib.Tests.Documentation.InjectionsPageTests+Account::Pay(System.Int64 amount, System.String currency)", Refusal(Pay, TooFar));
        Assert.EndsWith("not found in method System.Int64 HarmonyLib.Tests.Documentation.InjectionsPageTests+Account::Pay(System.Int64 amount, System.String currency)", Refusal(Pay, Unknown));
        Assert.AreEqual("Prefix patch InjectionsPageTests.WrongPrefix has not \"bool\" or \"void\" return type: System.Int32", Refusal(Pay, WrongPrefix));
        Assert.AreEqual("Return type of pass through postfix InjectionsPageTests.WrongPostfix does not match type of its first parameter: it returns System.String and takes System.Int64", Refusal(Pay, postfix: WrongPostfix));
        Assert.AreEqual("Finalizer patch InjectionsPageTests.WrongFinalizer has not \"Exception\" or \"void\" return type: System.Int32", Refusal(Pay, finalizer: WrongFinalizer));
        Assert.AreEqual(-1L, new Account("Ada").Pay(1, "EUR"));
    }
}
