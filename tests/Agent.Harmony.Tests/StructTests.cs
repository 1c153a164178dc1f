namespace HarmonyLib.Tests;

/// <summary>Value types as instance, argument and result, of every size.</summary>
[TestClass]
public sealed class StructTests : PatchingTest
{
    struct Counter
    {
        public int Value;

        public readonly int Read() => Value;

        public int Increment() => ++Value;
    }

    readonly struct Celsius(double degrees)
    {
        public double Degrees { get; } = degrees;

        public double Fahrenheit() => Degrees * 2 + 30;

        public override string ToString() => "a temperature";
    }

    struct Named
    {
        public string Name;
        public object? Tag;
        public long Number;
    }

    struct Huge
    {
        public long A, B, C, D;
        public string Text;
        public decimal Amount;
    }

    ref struct OnStack
    {
        public Span<int> Items;

        public readonly int Sum()
        {
            var sum = 0;
            foreach (var item in Items)
                sum += item;
            return sum;
        }
    }

    static Named MakeNamed(string name, long number) => new() { Name = name, Number = number };
    static Huge MakeHuge(Huge seed, decimal amount) => seed with { Amount = amount, A = seed.A + 1, B = 2, C = 3 };
    static byte Tiny(byte value) => value;
    static double Floating(float left, double right) => left + right;
    static decimal Money(decimal amount) => amount * 2;
    static (int, string) Tuple(int number, string text) => (number + 1, text);
    static DayOfWeek Tomorrow(DayOfWeek day) => day + 1;
    static int? MaybeTwice(int? value) => value * 2;
    static Int128 Wide(Int128 value) => value + 1;

    static void SeeCounter(Counter __instance) => Seen.Add(__instance.Value);
    static void SeeCounterReference(ref Counter __instance) => Seen.Add(__instance.Value);
    static void Add10(ref Counter __instance) => __instance.Value += 10;
    static void SeeBoxed(object __instance) => Seen.Add(((Counter)__instance).Value);

    [TestMethod]
    public void The_instance_by_value_by_reference_and_boxed()
    {
        Patch(Method(typeof(Counter), nameof(Counter.Increment)), prefix: SeeCounter);
        Patch(Method(typeof(Counter), nameof(Counter.Increment)), postfix: SeeCounterReference);
        Patch(Method(typeof(Counter), nameof(Counter.Increment)), finalizer: SeeBoxed);
        var counter = new Counter { Value = 5 };
        Assert.AreEqual(6, counter.Increment());
        AssertSeen(5, 6, 6);
    }

    [TestMethod]
    public void The_instance_is_changed_by_reference()
    {
        Patch(Method(typeof(Counter), nameof(Counter.Increment)), Add10, postfix: Add10);
        var counter = new Counter { Value = 5 };
        Assert.AreEqual(16, counter.Increment());
        Assert.AreEqual(26, counter.Value);
    }

    [TestMethod]
    public void A_copy_of_the_instance_changes_nothing()
    {
        static void Change(Counter __instance) => __instance.Value = Random.Shared.Next();
        Patch(Method(typeof(Counter), nameof(Counter.Read)), prefix: Change);
        Assert.AreEqual(5, new Counter { Value = 5 }.Read());
    }

    static void SeeCelsius(Celsius __instance) => Seen.Add(__instance.Degrees);
    static void SeeText(object __instance) => Seen.Add(__instance.ToString());

    [TestMethod]
    public void A_readonly_struct()
    {
        Patch(Method(typeof(Celsius), nameof(Celsius.Fahrenheit)), SeeCelsius, SeeText);
        Assert.AreEqual(50.0, new Celsius(10).Fahrenheit());
        AssertSeen(10.0, "a temperature");
    }

    static int _sum;
    static void SeeSum(int __result) => _sum = __result;
    static void ObjectInstance(object __instance) => Seen.Add(__instance);

    [TestMethod]
    public void A_ref_struct()
    {
        Patch(Method(typeof(OnStack), nameof(OnStack.Sum)), postfix: SeeSum);
        Assert.AreEqual(6, new OnStack { Items = [1, 2, 3] }.Sum());
        Assert.AreEqual(6, _sum);
        Assert.Contains("__instance", Refusal(Method(typeof(OnStack), nameof(OnStack.Sum)), prefix: ObjectInstance));
    }

    static void SeeNumberOf(ref OnStack __instance) => Seen.Add(__instance.Items.Length);

    [TestMethod]
    public void A_ref_struct_by_reference()
    {
        Patch(Method(typeof(OnStack), nameof(OnStack.Sum)), prefix: SeeNumberOf);
        Assert.AreEqual(6, new OnStack { Items = [1, 2, 3] }.Sum());
        AssertSeen(3);
    }

    static void RenameNamed(ref Named __result)
    {
        __result.Tag = __result.Name;
        __result.Name += "!";
    }

    [TestMethod]
    public void A_result_with_references_in_it()
    {
        Patch(Method(typeof(StructTests), nameof(MakeNamed)), postfix: RenameNamed);
        var named = MakeNamed(new string('a', 3), 7);
        Engine.Collect();
        Assert.AreEqual(("aaa!", (object)"aaa", 7L), (named.Name, named.Tag, named.Number));
    }

    static void ChangeSeed(ref Huge seed, ref decimal amount) => (seed.Text, amount) = (seed.Text + "!", amount + 1);
    static void SeeHuge(Huge __result, object seed) => Seen.Add((__result.A, __result.Amount, ((Huge)seed).Text));

    [TestMethod]
    public void A_large_argument_and_a_large_result()
    {
        Patch(Method(typeof(StructTests), nameof(MakeHuge)), ChangeSeed, SeeHuge);
        var huge = MakeHuge(new Huge { A = 1, D = 4, Text = "text" }, 2.5m);
        Assert.AreEqual((2L, 4L, "text!", 3.5m), (huge.A, huge.D, huge.Text, huge.Amount));
        AssertSeen((2L, 3.5m, "text!"));
    }

    static bool SkipHuge(ref Huge __result)
    {
        Seen.Add(__result.Text);
        __result.Text = "skipped";
        return false;
    }

    [TestMethod]
    public void A_large_result_without_the_original()
    {
        Patch(Method(typeof(StructTests), nameof(MakeHuge)), SkipHuge);
        var huge = MakeHuge(new Huge { A = 1, Text = "text" }, 2.5m);
        Assert.AreEqual((0L, "skipped", 0m), (huge.A, huge.Text, huge.Amount));
        AssertSeen((string?)null);
    }

    static void AddTiny(ref byte __result) => __result += 1;
    static void AddDouble(ref double __result, float left) => __result += left;
    static void AddDecimal(ref decimal __result) => __result += 1;
    static void ChangeTuple(ref (int Number, string Text) __result) => __result.Text += "!";
    static void NextDay(ref DayOfWeek __result) => __result += 1;
    static void Nothing(ref int? __result) => __result = __result > 10 ? null : __result + 1;
    static void AddWide(ref Int128 __result) => __result += Int128.MaxValue / 2;

    [TestMethod]
    public void Results_of_every_size()
    {
        Patch(Method(typeof(StructTests), nameof(Tiny)), postfix: AddTiny);
        Patch(Method(typeof(StructTests), nameof(Floating)), postfix: AddDouble);
        Patch(Method(typeof(StructTests), nameof(Money)), postfix: AddDecimal);
        Patch(Method(typeof(StructTests), nameof(Tuple)), postfix: ChangeTuple);
        Patch(Method(typeof(StructTests), nameof(Tomorrow)), postfix: NextDay);
        Patch(Method(typeof(StructTests), nameof(MaybeTwice)), postfix: Nothing);
        Patch(Method(typeof(StructTests), nameof(Wide)), postfix: AddWide);
        Assert.AreEqual((byte)0, Tiny(255));
        Assert.AreEqual(5.0, Floating(1.5f, 2.0));
        Assert.AreEqual(6m, Money(2.5m));
        Assert.AreEqual((2, "a!"), Tuple(1, "a"));
        Assert.AreEqual(DayOfWeek.Wednesday, Tomorrow(DayOfWeek.Monday));
        Assert.AreEqual((5, null, null), (MaybeTwice(2), MaybeTwice(6), MaybeTwice(null)));
        Assert.AreEqual(Int128.MaxValue / 2 + 2, Wide(1));
    }

    static int Many(byte a, short b, long c, float d, double e, string f, decimal g, Guid h, int i, object j, nint k, bool l, char m, DateTime n) =>
        a + b + (int)c + (int)d + (int)e + f.Length + (int)g + (h == Guid.Empty ? 1 : 0) + i + (int)j + (int)k + (l ? 1 : 0) + m + n.Day;

    static void SeeMany(byte a, short b, long c, float d, double e, string f, decimal g, Guid h, int i, object j, nint k, bool l, char m, DateTime n) =>
        Seen.AddRange([a, b, c, d, e, f, g, h, i, j, k, l, m, n]);

    [TestMethod]
    public void Many_arguments_of_every_type()
    {
        Patch(Method(typeof(StructTests), nameof(Many)), SeeMany, SeeMany, SeeMany);
        var day = new DateTime(2000, 1, 2);
        Assert.AreEqual(1 + 2 + 3 + 4 + 5 + 1 + 7 + 1 + 9 + 10 + 11 + 1 + 'm' + 2, Many(1, 2, 3, 4, 5, "f", 7, Guid.Empty, 9, 10, 11, true, 'm', day));
        object[] all = [(byte)1, (short)2, 3L, 4f, 5.0, "f", 7m, Guid.Empty, 9, 10, (nint)11, true, 'm', day];
        AssertSeen([.. all, .. all, .. all]);
    }
}
