package words;

public final class Words {
    public static final String GREETING = "Hello from another module";

    private Words() {}
}
