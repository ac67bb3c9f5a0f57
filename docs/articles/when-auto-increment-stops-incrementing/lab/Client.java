import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Reads one number from a MySQL or MariaDB server into 64 and into 32 bits. */
class Client {
    public static void main(String[] args) throws SQLException {
        try (Connection db = DriverManager.getConnection(args[0]);
                ResultSet row = db.createStatement().executeQuery(args[1])) {
            row.next();
            System.out.println("converted: " + (int) row.getLong(1));
            try {
                System.out.println("read: " + row.getInt(1));
            } catch (SQLException error) {
                System.out.println("read: " + error.getMessage());
            }
        }
    }
}
