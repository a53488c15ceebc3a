import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;

/**
 * Checks PDF files against PDF/A-3b and PDF/UA-1 with veraPDF's own model and rules, many in one start of Java.
 *
 * Arguments: the files. Prints a line for each file and flavour: the file, the flavour, and how many checks it
 * passed; then one line for each rule that is broken: the file, the flavour, clause and reason, all parted by tabs.
 */
public class Check {
  private static final String[][] FLAVOURS = {
    {"3b", "org/verapdf/pdfa/validation/PDFA-3B.xml"}, {"ua1", "org/verapdf/pdfa/validation/PDFUA-1.xml"}
  };

  public static void main(String[] files) throws Exception {
    LogManager.getLogManager().reset();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    VeraGreenfieldFoundryProvider.initialise();
    for (String[] flavour : FLAVOURS) {
      ValidationProfile profile;
      try (InputStream rules = Check.class.getClassLoader().getResourceAsStream(flavour[1])) {
        profile = Profiles.profileFromXml(rules);
      }
      for (String file : files) {
        try (PDFAParser parser =
            Foundries.defaultInstance().createParser(new File(file), PDFAFlavour.byFlavourId(flavour[0]))) {
          report(out, file, flavour[0], Foundries.defaultInstance().createValidator(profile, false).validate(parser));
        }
      }
    }
  }

  private static void report(PrintStream out, String file, String flavour, ValidationResult result) {
    String start = file + "\t" + flavour + "\t";
    if (result.isCompliant()) {
      out.println(start + result.getTotalAssertions());
      return;
    }
    Set<RuleId> seen = new LinkedHashSet<>();
    for (TestAssertion one : result.getTestAssertions()) {
      if (one.getStatus() == TestAssertion.Status.FAILED && seen.add(one.getRuleId())) {
        String why = one.getErrorMessage() != null ? one.getErrorMessage() : one.getMessage();
        String clause = one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber();
        out.println(start + clause + "\t" + why.replaceAll("\\s+", " ") + " @ " + one.getLocation().getContext());
      }
    }
    if (seen.isEmpty()) {
      out.println(start + "?\tnot compliant, without a reason");
    }
  }
}
